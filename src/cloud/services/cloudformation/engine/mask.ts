/** Keeps the values of NoEcho parameters out of what is shown. */
import type { BoundParameter } from '../../../../template/index.ts'

/** Characters; a shorter secret is only recognized where it stands alone. */
const SHORTEST = 4

/** Gives the value with the values of NoEcho parameters in its texts as asterisks; itself where there are none. */
export function masked<T>(value: T, parameters: readonly BoundParameter[]): T {
  const secrets = parameters.filter((one) => one.noEcho && one.value !== '').map((one) => one.value)
  return secrets.length === 0 ? value : (maskLeaves(value, secrets) as T)
}

function maskLeaves(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return secrets.reduce(maskText, value)
  if (typeof value === 'number') return secrets.includes(String(value)) ? '****' : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => maskLeaves(item, secrets))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskLeaves(item, secrets)]))
}

const maskText = (text: string, secret: string): string => {
  if (text === secret) return '****'
  return secret.length < SHORTEST ? text : text.replaceAll(secret, '****')
}
