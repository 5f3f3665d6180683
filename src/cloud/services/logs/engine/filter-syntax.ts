/** What the two kinds of filter pattern have in common. */
import { AwsError, linearPattern } from '../../../../model/index.ts'

export type Matcher = (message: string) => boolean

/** The error for a pattern that cannot be read. */
export const invalidPattern = (): AwsError =>
  new AwsError('InvalidParameterException', 'Invalid filter pattern')

/** Steps for each character of a message; `%\d{1,3}.\d{1,3}%` takes a dozen. */
const STEPS = 500

/**
 * Compiles what stands between two percent signs. Errors: InvalidParameterException.
 * AWS: neither parentheses nor looking around nor back references are known there, which is what takes linear time
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html).
 */
export function compileRegex(source: string): Matcher {
  const compiled = linear(source)
  if (compiled.programSize() > STEPS)
    throw new AwsError(
      'InvalidParameterException',
      'The embedded cloud does not support regular expressions that repeat so often in a filter pattern.',
    )
  return (message) => compiled.test(message)
}

function linear(source: string): ReturnType<typeof linearPattern> {
  try {
    return linearPattern(source)
  } catch {
    throw invalidPattern()
  }
}
