/** Resource policies of CloudWatch Logs: they let other services write to log groups of the account. */
import { AwsError, supposedPolicy } from '../../../../model/index.ts'
import { compiledPolicy } from '../../../kernel/compiled-policy.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { type LogsPolicy, policies } from '../state.ts'
import { invalidToken } from './log-groups.ts'

const describe = (policy: LogsPolicy) => ({
  policyName: policy.name,
  policyDocument: policy.document,
  lastUpdatedTime: policy.updatedAt,
})

/** AWS: at most ten policies in an account and region. */
export const PutResourcePolicy = operation({
  service: 'logs',
  name: 'PutResourcePolicy',
  access: () => [{ action: 'logs:PutResourcePolicy', resource: '*' }],
  run: (input, ctx) => {
    refuseUnsupported(input, ['resourceArn', 'expectedRevisionId'])
    const { policyName: name, policyDocument: document } = input
    if (!name || !document)
      throw new AwsError('InvalidParameterException', 'policyName and policyDocument are required.')
    try {
      compiledPolicy(document, supposedPolicy(name))
    } catch (error) {
      throw new AwsError(
        'InvalidParameterException',
        `Policy document is invalid: ${(error as Error).message}`,
      )
    }
    const table = ctx.table(policies)
    if (!table.has(name) && table.size >= 10)
      throw new AwsError('LimitExceededException', 'Resource limit exceeded.')
    const policy = { name, document, updatedAt: ctx.cloud.clock.now() }
    table.put(name, policy)
    return { resourcePolicy: describe(policy) }
  },
})

export const DeleteResourcePolicy = operation({
  service: 'logs',
  name: 'DeleteResourcePolicy',
  access: () => [{ action: 'logs:DeleteResourcePolicy', resource: '*' }],
  run: (input, ctx) => {
    refuseUnsupported(input, ['resourceArn', 'expectedRevisionId'])
    const name = input.policyName ?? ''
    if (!ctx.table(policies).has(name))
      throw new AwsError('ResourceNotFoundException', `Policy with name [${name}] does not exist`)
    ctx.table(policies).delete(name)
    return {}
  },
})

export const DescribeResourcePolicies = operation({
  service: 'logs',
  name: 'DescribeResourcePolicies',
  access: () => [{ action: 'logs:DescribeResourcePolicies', resource: '*' }],
  run: (input, ctx) => {
    refuseUnsupported(input, ['resourceArn', 'policyScope'])
    const all = ctx.table(policies).values()
    const { nextToken: token, limit = 50 } = input
    const page = paginate(all, { token, limit, query: 'policies', error: invalidToken })
    return { resourcePolicies: page.items.map(describe), nextToken: page.nextToken }
  },
})
