/** The conditions of rules: which may be given. */
import type { Condition } from '../state.ts'
import { invalid, unsupported } from './refuse.ts'

/** AWS: the quotas of a rule: values, and wildcards. */
const MOST = { values: 5, inCondition: 3, wildcards: 6 }

/** AWS: zero or one of each of these, any number of the others. */
const ONCE = ['host-header', 'path-pattern', 'http-request-method', 'source-ip']

/** Gives conditions as they are kept: values of paths and hosts in their config. Errors: ValidationError, UnsupportedParameter. */
export function checkConditions(given: readonly Condition[]): Condition[] {
  const kept = given.map(checkCondition)
  for (const field of ONCE)
    if (kept.filter(({ Field }) => Field === field).length > 1)
      throw invalid(`Rules cannot have more than one condition of the field '${field}'`)
  const values = kept.flatMap(textsOf)
  if (values.length > MOST.values)
    throw invalid(`Rules cannot have more than '${MOST.values}' condition values`)
  const wildcards = kept
    .filter(({ Field = '' }) => Field !== 'source-ip' && Field !== 'http-request-method')
    .flatMap(textsOf)
    .join('')
    .replace(/[^*?]/g, '').length
  if (wildcards > MOST.wildcards)
    throw invalid(`Rules cannot have more than '${MOST.wildcards}' wildcard characters`)
  return kept
}

/** Gives the texts that a condition compares with. */
export function textsOf(condition: Condition): string[] {
  const { QueryStringConfig: query } = condition
  if (condition.Field === 'query-string')
    return (query?.Values ?? []).map(({ Key, Value = '' }) => (Key === undefined ? Value : `${Key}=${Value}`))
  return [...(configOf(condition)?.Values ?? [])]
}

function configOf(condition: Condition): { Values?: string[]; RegexValues?: string[] } | undefined {
  switch (condition.Field) {
    case 'host-header':
      return condition.HostHeaderConfig
    case 'path-pattern':
      return condition.PathPatternConfig
    case 'http-header':
      return condition.HttpHeaderConfig
    case 'http-request-method':
      return condition.HttpRequestMethodConfig
    case 'source-ip':
      return condition.SourceIpConfig
    default:
      return undefined
  }
}

function checkCondition(given: Condition): Condition {
  const { Field } = given
  if (![...ONCE, 'http-header', 'query-string'].includes(Field ?? ''))
    throw invalid(
      `Condition field '${Field}' must be one of '[http-request-method, path-pattern, host-header, query-string, http-header, source-ip]'`,
    )
  const condition = inConfig(given)
  if (given.RegexValues?.length || configOf(condition)?.RegexValues?.length)
    throw unsupported(`regular expressions in conditions (${Field})`, 'Use values with * and ?.')
  const texts = textsOf(condition)
  if (!texts.length) throw invalid(`A condition value must be specified for the field '${Field}'`)
  if (texts.length > MOST.inCondition && Field !== 'source-ip' && Field !== 'http-request-method')
    throw invalid(`The field '${Field}' takes at most ${MOST.inCondition} condition values`)
  for (const text of texts) checkText(Field!, text)
  if (
    Field === 'http-header' &&
    !/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/.test(condition.HttpHeaderConfig?.HttpHeaderName ?? '')
  )
    throw invalid(`'${condition.HttpHeaderConfig?.HttpHeaderName ?? ''}' is not a valid HTTP header name`)
  return condition
}

/** AWS: the older form has the values of paths and hosts in the condition itself. */
function inConfig({ Values, ...condition }: Condition): Condition {
  if (condition.Field === 'path-pattern')
    return { ...condition, PathPatternConfig: condition.PathPatternConfig ?? { Values } }
  if (condition.Field === 'host-header')
    return { ...condition, HostHeaderConfig: condition.HostHeaderConfig ?? { Values } }
  if (Values?.length)
    throw invalid(`The field '${condition.Field}' takes its values in its config, not in Values`)
  return condition
}

const VALID: Readonly<Record<string, RegExp>> = {
  'path-pattern': /^[A-Za-z0-9_\-.$/~"'@:+&*?]{1,128}$/,
  'host-header': /^[A-Za-z0-9\-.*?]{1,128}$/,
  'http-request-method': /^[A-Z_-]{1,40}$/,
  'source-ip': /^[0-9a-fA-F.:]+\/\d{1,3}$/,
  'http-header': /^[ -~]{1,128}$/,
  'query-string': /^[ -~]{1,257}$/,
}

function checkText(field: string, text: string): void {
  if (!VALID[field]!.test(text)) throw invalid(`The ${field} condition value '${text}' is not valid`)
}
