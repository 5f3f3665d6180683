/** Header values beyond ASCII: HTTP libraries carry bytes as Latin-1, AWS clients mean UTF-8. */

/** Reads the text that a client meant. */
export function headerText(value: string): string {
  if (isAscii(value)) return value
  const bytes = Buffer.from(value, 'latin1')
  if (bytes.toString('latin1') !== value) return value
  const decoded = bytes.toString('utf8')
  return decoded.includes('\ufffd') ? value : decoded
}

/** Gives text in the form in which an HTTP library writes its UTF-8 bytes. */
export function headerBytes(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

/** AWS: S3 answers metadata beyond ASCII encoded by RFC 2047. */
export function encodedWord(text: string): string {
  return isAscii(text) ? text : `=?UTF-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false
  return true
}
