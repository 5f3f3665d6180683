/** What the two kinds of filter pattern have in common. */
import { AwsError } from '../../../../model/index.ts'

export type Matcher = (message: string) => boolean

/** The error for a pattern that cannot be read. */
export const invalidPattern = (): AwsError =>
  new AwsError('InvalidParameterException', 'Invalid filter pattern')

/** Compiles what stands between two percent signs. Errors: InvalidParameterException. */
export function compileRegex(source: string): RegExp {
  try {
    return new RegExp(source)
  } catch {
    throw invalidPattern()
  }
}
