/** Timestamps as AWS writes them: epoch seconds, ISO 8601 and the HTTP date. */
import type { Member } from './model.ts'
import type { TimestampFormat } from './model-data.ts'

/** The format of a member: its own, or what its place on the wire implies. */
export function timestampFormat(member: Member, body: TimestampFormat): TimestampFormat {
  if (member.timestampFormat) return member.timestampFormat
  if (member.location === 'header' || member.location === 'headers') return 'rfc822'
  if (member.location === 'querystring' || member.location === 'uri') return 'iso8601'
  return body
}

/** Writes a date; epoch seconds keep milliseconds, the HTTP date drops them, ISO 8601 writes them if there are any. */
export function formatTimestamp(date: Date, format: TimestampFormat): string {
  if (format === 'unixTimestamp') return String(date.getTime() / 1000)
  if (format === 'rfc822') return date.toUTCString()
  const text = date.toISOString()
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text
}

/** Reads any of the three formats, as AWS's services do; undefined when it is none of them. */
export function parseTimestamp(text: string): Date | undefined {
  const date = /^-?\d+(\.\d+)?$/.test(text) ? new Date(Math.round(Number(text) * 1000)) : new Date(text)
  return Number.isNaN(date.getTime()) ? undefined : date
}
