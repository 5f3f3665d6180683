/** AWS::ECS::TaskDefinition: a revision of its family; all but its tags makes a new one. */
import { AwsError, parseArn } from '../../../../model/index.ts'
import {
  type Properties,
  type ReadContext,
  type ResourceContext,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { resourceTags } from '../../../kernel/stack-tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { asInput } from './spelling.ts'
import { newTags, retag } from './tags.ts'

const TYPE = 'AWS::ECS::TaskDefinition'

const outcome = (arn: string) => ({ physicalId: arn, attributes: { TaskDefinitionArn: arn } })

const describe = (arn: string, rc: ReadContext) =>
  rc.call('ecs', 'DescribeTaskDefinition', { taskDefinition: arn, include: ['TAGS'] })

/** AWS: the handler looks at the roles that it passes on; whether they can be taken on is found out by the tasks. */
async function lookAtRoles(
  { TaskRoleArn, ExecutionRoleArn }: Properties,
  rc: ResourceContext,
): Promise<void> {
  for (const role of new Set([TaskRoleArn, ExecutionRoleArn])) {
    const RoleName = /(?:^|:role\/(?:.*\/)?)([^/]+)$/.exec(role ?? '')?.[1]
    const isHere = [undefined, rc.account].includes(parseArn(role ?? '')?.account)
    if (RoleName && isHere) await unlessAbsent(rc.call('iam', 'GetRole', { RoleName }), 'NoSuchEntity')
  }
}

export const taskDefinition = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    await lookAtRoles(properties, rc)
    const family = properties.Family ?? rc.generateName()
    const { taskDefinition: made } = await rc.call('ecs', 'RegisterTaskDefinition', {
      ...asInput(TYPE, { ...properties, Tags: undefined }),
      family,
      ...newTags(resourceTags(properties, rc)),
    } as never)
    const arn = made?.taskDefinitionArn ?? ''
    rc.made(arn)
    await describe(arn, rc)
    return outcome(arn)
  },
  update: async (arn, properties, previous, rc) => {
    await retag(arn, properties, previous, rc)
    await describe(arn, rc)
    return outcome(arn)
  },
  read: async (arn, rc) => {
    const found = await unlessAbsent(describe(arn, rc), 'ClientException')
    return found && outcome(found.taskDefinition?.taskDefinitionArn ?? arn)
  },
  // AWS: a revision is only deregistered: it stays readable, and tasks that run stay.
  delete: async (arn, _properties, rc) => {
    const { taskDefinition: now } = (await unlessAbsent(describe(arn, rc), 'ClientException')) ?? {}
    if (now?.status !== 'ACTIVE') return
    await rc.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: arn }).catch((error) => {
      if (!(error instanceof AwsError) || error.code !== 'ClientException') throw error
    })
  },
})
