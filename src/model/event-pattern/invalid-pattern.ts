/** How an event pattern is refused. */
import { AwsError } from '../error.ts'

/** AWS: the reason, and with an offset where in the pattern the reader stood. */
export function invalidPattern(reason: string, text?: string, offset?: number): AwsError {
  const place = text === undefined || offset === undefined ? '' : placeOf(text, offset)
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}${place}`)
}

function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n')
  return `\n at [Source: (String)"${text}"; line: ${lines.length}, column: ${lines.at(-1)!.length + 1}]`
}

/** Makes the error for a reason, at an offset of the pattern's text. */
export type Refuse = (reason: string, offset?: number) => AwsError
