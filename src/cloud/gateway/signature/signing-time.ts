/** Whether a signature's time is near enough. */
import { AwsError } from '../../../model/index.ts'
import { signatureError } from './signature-error.ts'
import type { StatedSignature } from './stated-signature.ts'

/** AWS: a signature is good for 15 minutes around the server's time. */
const SKEW_MS = 15 * 60 * 1000

/** Errors: RequestTimeTooSkewed or AccessDenied (S3), a signature error that tells both times (others). */
export function requireFresh(stated: StatedSignature, now: Date): void {
  const { scope, timestamp } = stated
  const signed = parseStamp(timestamp)
  if (signed === undefined || !timestamp.startsWith(scope.date)) {
    throw signatureError(
      scope.service,
      'incomplete',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`,
    )
  }
  const age = now.getTime() - signed.getTime()
  if (stated.presigned) requireUnexpired(stated, signed, age, now)
  else if (Math.abs(age) > SKEW_MS) throw tooSkewed(stated, age, now)
}

function requireUnexpired(stated: StatedSignature, signed: Date, age: number, now: Date): void {
  if (age < -SKEW_MS)
    throw stated.scope.service === 's3'
      ? accessDenied('Request is not yet valid')
      : tooSkewed(stated, age, now)
  const limit = (stated.expires ?? 0) * 1000
  if (age <= limit) return
  if (stated.scope.service !== 's3') throw tooSkewed(stated, age, now)
  throw accessDenied('Request has expired', {
    'X-Amz-Expires': stated.expires,
    Expires: isoTime(signed.getTime() + limit),
    ServerTime: isoTime(now.getTime()),
  })
}

function tooSkewed(stated: StatedSignature, age: number, now: Date): AwsError {
  const { scope, timestamp } = stated
  if (scope.service === 's3') {
    return new AwsError(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      {
        status: 403,
        fields: {
          RequestTime: timestamp,
          ServerTime: isoTime(now.getTime()),
          MaxAllowedSkewMilliseconds: SKEW_MS,
        },
      },
    )
  }
  const limit = stated.presigned ? (stated.expires ?? 0) * 1000 : SKEW_MS
  const stamp = formatStamp(now)
  const words =
    age > 0
      ? `Signature expired: ${timestamp} is now earlier than ${formatStamp(new Date(now.getTime() - limit))} (${stamp} - ${limit / 60_000} min.)`
      : `Signature not yet current: ${timestamp} is still later than ${formatStamp(new Date(now.getTime() + SKEW_MS))} (${stamp} + 15 min.)`
  return signatureError(scope.service, 'mismatch', words)
}

export function accessDenied(message: string, fields: Record<string, unknown> = {}): AwsError {
  return new AwsError('AccessDenied', message, { status: 403, fields })
}

const isoTime = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`
const formatStamp = (date: Date): string => date.toISOString().replace(/[-:]|\.\d+/g, '')

/** Reads `20260101T000000Z`. */
function parseStamp(stamp: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(date.getTime()) ? undefined : date
}
