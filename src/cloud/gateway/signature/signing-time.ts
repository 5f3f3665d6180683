/** Whether a signature's time is near enough. */
import type { AwsError } from '../../../model/index.ts'
import type { Untimely } from '../../kernel/signing-rules.ts'
import { signatureError } from './signature-error.ts'
import type { StatedSignature } from './stated-signature.ts'

/** AWS: a signature is good for 15 minutes around the server's time. */
const SKEW_MS = 15 * 60 * 1000

/** Errors: the service's own, or a signature error that tells both times. */
export function requireFresh(stated: StatedSignature, now: Date): void {
  const { scope, timestamp, callee } = stated
  const signed = parseStamp(timestamp)
  if (signed === undefined || !timestamp.startsWith(scope.date)) {
    throw signatureError(
      callee,
      'incomplete',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`,
    )
  }
  const age = now.getTime() - signed.getTime()
  if (!stated.presigned) {
    if (Math.abs(age) > SKEW_MS) throw untimely(stated, 'skewed', signed, now)
    return
  }
  if (age < -SKEW_MS) throw untimely(stated, 'early', signed, now)
  if (age > expiryMs(stated)) throw untimely(stated, 'expired', signed, now)
}

const expiryMs = ({ expires = 0 }: StatedSignature): number => expires * 1000

function untimely(stated: StatedSignature, problem: Untimely['problem'], signed: Date, now: Date): AwsError {
  const { callee, timestamp, expires } = stated
  const until = signed.getTime() + expiryMs(stated)
  const own = callee.rules.untimely?.({ problem, timestamp, now, skewMs: SKEW_MS, expires, until })
  if (own) return own
  const age = now.getTime() - signed.getTime()
  const limit = stated.presigned ? expiryMs(stated) : SKEW_MS
  const stamp = formatStamp(now)
  const words =
    age > 0
      ? `Signature expired: ${timestamp} is now earlier than ${formatStamp(new Date(now.getTime() - limit))} (${stamp} - ${limit / 60_000} min.)`
      : `Signature not yet current: ${timestamp} is still later than ${formatStamp(new Date(now.getTime() + SKEW_MS))} (${stamp} + 15 min.)`
  return signatureError(callee, 'mismatch', words)
}

const formatStamp = (date: Date): string => date.toISOString().replace(/[-:]|\.\d+/g, '')

/** Reads `20260101T000000Z`. */
function parseStamp(stamp: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(date.getTime()) ? undefined : date
}
