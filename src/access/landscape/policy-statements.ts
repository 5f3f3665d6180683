/** What stands in the statements of a policy, in forms that are easy to ask. */
import type { PolicyStatement } from '../../model/index.ts'
import type { LocatedPolicy } from './located-policy.ts'

/** Gives the statements of a policy with their places, from 0. */
export const statementsOf = ({ policy }: LocatedPolicy): [PolicyStatement, number][] =>
  [policy.document.Statement].flat().map((statement, index) => [statement as PolicyStatement, index])

/** `statement "Sid"`, or its place counted from 1. */
export const nameOf = ({ Sid }: PolicyStatement, index: number): string =>
  Sid ? `statement "${Sid}"` : `statement ${index + 1}`

/** A list for one value or many. */
export const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T]

/** The names under `AWS` in a Principal element; `*` for everyone. */
export const awsPrincipals = ({ Principal }: PolicyStatement): readonly string[] =>
  Principal === undefined ? [] : Principal === '*' ? ['*'] : listOf(Principal.AWS)

/** Every condition of a statement: operator, key in lower case, values. */
export const conditionsOf = ({ Condition = {} }: PolicyStatement): [string, string, readonly string[]][] =>
  Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]): [string, string, readonly string[]] => [
      operator,
      key.toLowerCase(),
      listOf(values).map(String),
    ]),
  )
