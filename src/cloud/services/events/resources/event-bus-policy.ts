/** AWS::Events::EventBusPolicy. */
import { AwsError, type PolicyDocument, type PolicyStatement, readJson } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { DEFAULT_BUS } from '../state.ts'

/** One statement of a bus's policy. AWS: given whole, or as the parameters of PutPermission. */
async function put(properties: Properties, rc: ResourceContext): Promise<string> {
  const { EventBusName = DEFAULT_BUS, StatementId, Statement, Action, Principal, Condition } = properties
  if (Statement === undefined)
    await rc.call('events', 'PutPermission', { EventBusName, StatementId, Action, Principal, Condition })
  else {
    const others = (await statementsOf(EventBusName, rc)).filter((one) => one.Sid !== StatementId)
    const document = { Version: '2012-10-17', Statement: [...others, { ...Statement, Sid: StatementId }] }
    await rc.call('events', 'PutPermission', { EventBusName, Policy: JSON.stringify(document) })
  }
  return `${EventBusName}|${StatementId}`
}

async function statementsOf(Name: string, rc: ResourceContext): Promise<PolicyStatement[]> {
  const { Policy } = await rc.call('events', 'DescribeEventBus', { Name })
  const statements = Policy === undefined ? [] : (readJson(Policy) as PolicyDocument).Statement
  return [statements].flat() as PolicyStatement[]
}

export const eventBusPolicy = resourceType({
  type: 'AWS::Events::EventBusPolicy',
  create: async (properties, rc) => ({ physicalId: await put(properties, rc) }),
  update: async (_physicalId, properties, _previous, rc) => ({ physicalId: await put(properties, rc) }),
  delete: async (_physicalId, { EventBusName, StatementId }, rc) => {
    try {
      await rc.call('events', 'RemovePermission', { EventBusName, StatementId })
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error
    }
  },
})
