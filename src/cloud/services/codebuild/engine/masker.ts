/** Replaces secrets in text that comes in pieces. */

const ACCESS_KEY_ID = String.raw`\bA[KS]IA[A-Z0-9]{16}\b`
const ACCESS_KEY_LENGTH = 20
const REPLACEMENT = '***'

export class Masker {
  private readonly pattern: RegExp
  /** Characters that must follow a place in a text to tell whether a secret begins there. */
  readonly longest: number

  /**
   * Values of three characters or less would mask ordinary text, and stay. A log is written line by line, so each line
   * of a value is a secret of its own. Ids of access keys are always masked.
   */
  constructor(values: readonly string[]) {
    const lines = values.flatMap((value) => value.split(/\r?\n/)).flatMap((line) => [line, line.trim()])
    const secrets = [...new Set(lines)].filter((one) => one.length > 3).sort((a, b) => b.length - a.length)
    this.pattern = new RegExp([...secrets.map(literally), ACCESS_KEY_ID].join('|'), 'g')
    this.longest = Math.max(ACCESS_KEY_LENGTH, ...secrets.map((one) => one.length)) + 1
  }

  masked(text: string): string {
    return text.replace(this.pattern, REPLACEMENT)
  }

  /** Masks as much of a text that goes on as can be told already, and gives back the rest as it is. */
  split(text: string): { readonly masked: string; readonly rest: string } {
    const certain = text.length - this.longest
    const parts: string[] = []
    let at = 0
    for (const { 0: secret, index } of text.matchAll(this.pattern)) {
      if (index >= certain) break
      parts.push(text.slice(at, index), REPLACEMENT)
      at = index + secret.length
    }
    const end = Math.max(at, certain)
    return { masked: parts.join('') + text.slice(at, end), rest: text.slice(end) }
  }
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
