/** Properties of templates as the API takes them. */
import type { Properties } from '../../../kernel/resource-type.ts'

const NUMBERS = new Set([
  'canaryInterval',
  'canaryPercentage',
  'linearInterval',
  'linearPercentage',
  'terminationWaitTimeInMinutes',
  'waitTimeInMinutes',
])
const TRUTHS = new Set(['enabled', 'ignorePollAlarmFailure'])

/** AWS: the same names, which begin small; templates may give numbers and truth values as text. */
export function asInput(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      const name = key === 'ECSServices' ? 'ecsServices' : `${key[0]!.toLowerCase()}${key.slice(1)}`
      return [name, given(name, value)]
    }),
  )
}

function given(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => given('', one))
  if (typeof value === 'object' && value !== null) return asInput(value)
  if (NUMBERS.has(name)) return Number(value)
  return TRUTHS.has(name) ? String(value) === 'true' : value
}
