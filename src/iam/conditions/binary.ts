/** BinaryEquals: bytes written in base64. */
import { type ConditionOperator, matchesNothing } from './operator.ts'

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/
const decode = (text: string): Buffer | undefined =>
  BASE64.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64') : undefined

export const binaryOperators: ConditionOperator[] = [
  {
    name: 'BinaryEquals',
    compile: (wanted) => {
      const bytes = decode(wanted)
      return bytes ? (actual) => decode(actual)?.equals(bytes) ?? false : matchesNothing
    },
  },
]
