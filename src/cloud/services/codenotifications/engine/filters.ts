/** The filters and pages of lists. */
import { AwsError } from '../../../../model/index.ts'

export const LONGEST_PAGE = 100

interface Filter {
  readonly Name: string | undefined
  readonly Value: string | undefined
}

/** Gives whether something fits every filter; `by` tells what it has under a filter's name. */
export const fitsAll =
  <T>(filters: readonly Filter[], by: Readonly<Record<string, (one: T) => readonly string[]>>) =>
  (one: T): boolean =>
    filters.every(({ Name, Value }) => by[Name ?? '']?.(one).includes(Value ?? ''))

export const invalidToken = (): AwsError =>
  new AwsError('InvalidNextTokenException', 'The next token is not valid', { status: 400 })
