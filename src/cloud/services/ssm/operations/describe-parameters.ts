/** ssm:DescribeParameters. */
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { onAll } from '../engine/find.ts'
import { type Filter, matchesFilters } from '../engine/parameter-filter.ts'
import { latestOf, type Parameter, parameters } from '../state.ts'
import { invalidToken } from './get-parameters.ts'

const FILTERS = ['tag', 'Name', 'Type', 'KeyId', 'Path', 'Label', 'Tier', 'DataType']

const describe = (parameter: Parameter) => {
  const latest = latestOf(parameter)
  return {
    Name: parameter.name,
    ARN: parameter.arn,
    Type: latest.type,
    KeyId: latest.keyId,
    LastModifiedDate: new Date(latest.modifiedAt),
    LastModifiedUser: latest.modifiedBy,
    Description: latest.description,
    AllowedPattern: latest.allowedPattern,
    Version: latest.version,
    Tier: latest.tier,
    Policies: [],
    DataType: 'text',
  }
}

export const DescribeParameters = operation({
  service: 'ssm',
  name: 'DescribeParameters',
  access: (_input, ctx) => [onAll(ctx, 'DescribeParameters')],
  run: (input, ctx) => {
    refuseUnsupported(input, ['Shared'])
    const older: Filter[] = (input.Filters ?? []).map((one) => ({ ...one, Option: 'BeginsWith' }))
    const filters = [...older, ...(input.ParameterFilters ?? [])]
    const all = ctx
      .table(parameters)
      .values()
      .filter((one) => matchesFilters(one, filters, FILTERS))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const { NextToken: token, MaxResults: limit = 50 } = input
    const page = paginate(all, { token, limit, query: filters, error: invalidToken })
    return { Parameters: page.items.map(describe), NextToken: page.nextToken }
  },
})
