/** Filters of DescribeParameters and GetParametersByPath. */
import { AwsError, entryOf } from '../../../../model/index.ts'
import { latestOf, type Parameter } from '../state.ts'

export interface Filter {
  readonly Key: string
  readonly Option?: string
  readonly Values?: readonly string[]
}

/**
 * Whether a parameter passes all filters; of one filter's values one must match.
 * Errors: InvalidFilterKey for a key that is not among the allowed ones, InvalidFilterOption.
 */
export function matchesFilters(
  parameter: Parameter,
  filters: readonly Filter[],
  allowed: readonly string[],
): boolean {
  return filters.every((filter) => {
    const key = filter.Key.startsWith('tag:') ? 'tag' : filter.Key
    if (!allowed.includes(key))
      throw new AwsError(
        'InvalidFilterKey',
        `The following filter key is not valid: ${filter.Key}. Valid filter keys include: [${allowed.join(', ')}].`,
      )
    return matches(parameter, filter)
  })
}

function matches(parameter: Parameter, { Key, Option, Values = [] }: Filter): boolean {
  if (Key === 'Path') return Values.some((path) => below(parameter.name, path, Option ?? 'OneLevel'))
  const actual = valuesOf(parameter, Key)
  if (Key.startsWith('tag:') && !Values.length) return actual.length > 0
  const compare = comparison(Option ?? 'Equals')
  return actual.some((one) => Values.some((wanted) => compare(one, wanted)))
}

function valuesOf(parameter: Parameter, key: string): readonly string[] {
  const latest = latestOf(parameter)
  if (key.startsWith('tag:'))
    return [entryOf(parameter.tags, key.slice('tag:'.length))].filter((one) => one !== undefined)
  switch (key) {
    case 'Name':
      return [parameter.name]
    case 'Type':
      return [latest.type]
    case 'KeyId':
      return latest.keyId ? [latest.keyId] : []
    case 'Tier':
      return [latest.tier]
    case 'DataType':
      return ['text']
    default:
      return parameter.versions.flatMap((one) => one.labels)
  }
}

function below(name: string, path: string, option: string): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`
  if (!name.startsWith(prefix)) return false
  return option === 'Recursive' || !name.slice(prefix.length).includes('/')
}

function comparison(option: string): (actual: string, wanted: string) => boolean {
  if (option === 'Equals') return (actual, wanted) => actual === wanted || actual === `/${wanted}`
  if (option === 'BeginsWith') return (actual, wanted) => actual.startsWith(wanted)
  if (option === 'Contains') return (actual, wanted) => actual.includes(wanted)
  throw new AwsError('InvalidFilterOption', `The following filter option is not valid: ${option}.`)
}
