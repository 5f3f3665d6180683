/** secretsmanager:GetRandomPassword. */
import { randomInt } from 'node:crypto'
import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import { operation } from '../../../kernel/operation.ts'

type PasswordInput = Input<'secretsmanager', 'GetRandomPassword'>

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const DIGITS = '0123456789'
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'

const pick = (from: string): string => from.charAt(randomInt(from.length))

/** AWS: 32 characters of all four kinds unless told otherwise, each kind at least once. */
function randomPassword(input: PasswordInput): string {
  const length = input.PasswordLength ?? 32
  const without = (kind: string) =>
    [...kind].filter((one) => !input.ExcludeCharacters?.includes(one)).join('')
  const kinds = [
    input.ExcludeLowercase ? '' : LOWER,
    input.ExcludeUppercase ? '' : UPPER,
    input.ExcludeNumbers ? '' : DIGITS,
    input.ExcludePunctuation ? '' : PUNCTUATION,
    input.IncludeSpace ? ' ' : '',
  ]
    .map(without)
    .filter((kind) => kind !== '')
  if (!kinds.length)
    throw new AwsError('InvalidParameterException', 'No characters are left to make a password of.')
  const each = input.RequireEachIncludedType ?? true
  if (each && length < kinds.length)
    throw new AwsError(
      'InvalidParameterException',
      `Password length ${length} is too short based on the required types.`,
    )
  const characters = each ? kinds.map(pick) : []
  const all = kinds.join('')
  while (characters.length < length) characters.push(pick(all))
  for (let at = characters.length - 1; at > 0; at--) {
    const other = randomInt(at + 1)
    const kept = characters[at]!
    characters[at] = characters[other]!
    characters[other] = kept
  }
  return characters.join('')
}

export const GetRandomPassword = operation({
  service: 'secretsmanager',
  name: 'GetRandomPassword',
  access: () => [{ action: 'secretsmanager:GetRandomPassword', resource: '*' }],
  run: (input) => ({ RandomPassword: randomPassword(input) }),
})
