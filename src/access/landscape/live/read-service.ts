/** Reads a service of ECS: its task definition, the roles of its tasks, and where their images come from. */
import { type Arn, formatArn, type Target } from '../../../model/index.ts'
import { repositoriesOf, secretsOf } from '../readers/workers.ts'
import { readRepository } from './read-repository.ts'
import type { Reading } from './reading.ts'

interface NamedService extends Target {
  readonly cluster: string
  readonly name: string
}

/** Reads a service into the reading, once. One that is not there is a finding. */
export function readService(reading: Reading, service: NamedService): Promise<void> {
  const { account, region, cluster, name } = service
  const arn = formatArn('ecs', region, account, `service/${cluster}/${name}`)
  return reading.once(`service ${arn}`, async () => {
    const { DescribeServicesCommand, ECSClient } = await import('@aws-sdk/client-ecs')
    const answer = await reading.ask({ what: `the service ${arn}`, arn, target: service }, async () => {
      const client = await reading.client(ECSClient, service)
      const { services = [] } = await client.send(new DescribeServicesCommand({ cluster, services: [name] }))
      return services[0]
    })
    if ('absent' in answer || ('found' in answer && !answer.found)) {
      reading.findings.push({
        rule: 'service-does-not-exist',
        severity: 'error',
        message: `there is no ECS service ${name} in the cluster ${cluster} of account ${account}, ${region}`,
        fix: `make it there, or let the action's role and region lead to where it is`,
      })
      return
    }
    const taskDefinition = 'found' in answer ? answer.found?.taskDefinition : undefined
    if (!taskDefinition) return
    reading.services.push({ account, region, cluster, name, taskDefinition })
    await readTaskDefinition(reading, taskDefinition, service)
  })
}

async function readTaskDefinition(reading: Reading, arn: Arn, target: Target): Promise<void> {
  const { DescribeTaskDefinitionCommand, ECSClient } = await import('@aws-sdk/client-ecs')
  const answer = await reading.ask({ what: `the task definition ${arn}`, arn, target }, async () => {
    const client = await reading.client(ECSClient, target)
    const asked = { taskDefinition: arn, include: ['TAGS' as const] }
    const { taskDefinition, tags = [] } = await client.send(new DescribeTaskDefinitionCommand(asked))
    return taskDefinition && { ...taskDefinition, tags }
  })
  if (!('found' in answer) || !answer.found) return
  const { taskRoleArn, executionRoleArn, containerDefinitions = [], tags } = answer.found
  const repositories = repositoriesOf(containerDefinitions.map(({ image }) => image))
  reading.taskRoles.push({
    account: target.account,
    region: target.region,
    taskDefinition: arn,
    roles: [taskRoleArn, executionRoleArn].flatMap((role) => role || []),
    ...(executionRoleArn && { executionRole: executionRoleArn }),
    repositories,
    ...secretsOf(
      containerDefinitions.flatMap(({ secrets = [] }) => secrets),
      target,
    ),
    isTagged: tags.some(({ key = '' }) => !key.startsWith('aws:')),
  })
  if (executionRoleArn)
    await Promise.all(repositories.map((repository) => readRepository(reading, repository)))
}
