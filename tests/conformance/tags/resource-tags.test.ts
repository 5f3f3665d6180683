import { expect, it } from 'vitest'
import type { Fields } from '../../../src/cloud/protocols/index.ts'
import { services } from '../../../src/cloud/services/index.ts'
import { arnOf, denied, openTagWorld, TEMPLATE } from './tag-world.ts'

const { made, root, userDenied } = await openTagWorld()

await root('cloudformation', 'CreateChangeSet', {
  StackName: 'tagged',
  ChangeSetName: 'set',
  TemplateBody: TEMPLATE.replace('Handle', 'Other'),
})
const { build } = (await root('codebuild', 'StartBuild', { projectName: 'tagged' })) as {
  build: { id: string }
}
const { ChangeSetId: changeSet } = await root('cloudformation', 'DescribeChangeSet', {
  StackName: 'tagged',
  ChangeSetName: 'set',
})
const { StackResources } = (await root('cloudformation', 'DescribeStackResources', {
  StackName: 'tagged',
})) as {
  StackResources: { PhysicalResourceId: string }[]
}

/** Requests that touch the tagged resource of a kind, by the kind's table. A kind with tags that is missing here fails. */
const asked: Record<string, readonly (readonly [operation: string, input: Fields])[]> = {
  'codepipeline codepipeline.pipelines': [
    ['GetPipeline', { name: 'tagged' }],
    ['StartPipelineExecution', { name: 'tagged' }],
    ['ListTagsForResource', { resourceArn: arnOf('codepipeline', 'tagged') }],
    ['RetryStageExecution', { pipelineName: 'tagged', stageName: 'Source', ...retry() }],
    [
      'PutApprovalResult',
      { pipelineName: 'tagged', stageName: 'Stage1', actionName: 'Approve', ...approved() },
    ],
  ],
  'codebuild codebuild.projects': [
    ['BatchGetProjects', { names: [arnOf('codebuild', 'project/tagged')] }],
    ['StartBuild', { projectName: 'tagged' }],
    ['BatchGetBuilds', { ids: [build.id] }],
    ['StopBuild', { id: arnOf('codebuild', `build/${build.id}`) }],
  ],
  ...connections('codeconnections'),
  ...connections('codestar-connections'),
  'cloudformation cloudformation.stacks': [
    ['DescribeStacks', { StackName: 'tagged' }],
    ['GetTemplate', { StackName: made.stack }],
    ['DescribeStackResources', { PhysicalResourceId: StackResources[0]!.PhysicalResourceId }],
    ['DescribeChangeSet', { ChangeSetName: changeSet }],
    ['GetTemplate', { ChangeSetName: changeSet }],
    ['ExecuteChangeSet', { ChangeSetName: 'set', StackName: 'tagged' }],
    ['DeleteStack', { StackName: 'tagged' }],
  ],
}

function connections(service: string): typeof asked {
  return {
    [`${service} codeconnections.connections`]: [
      ['GetConnection', { ConnectionArn: made[service] }],
      ['ListTagsForResource', { ResourceArn: made[service] }],
      ['DeleteConnection', { ConnectionArn: made[service] }],
    ],
  }
}

function retry(): Fields {
  return { pipelineExecutionId: '12345678-1234-1234-1234-123456789012', retryMode: 'FAILED_ACTIONS' }
}

function approved(): Fields {
  const token = '12345678-1234-1234-1234-123456789012'
  return { result: { summary: '', status: 'Approved' }, token }
}

const isProd = await userDenied('by-tag', { StringEquals: { 'aws:ResourceTag/env': 'prod' } })
const isTest = await userDenied('by-other', { StringEquals: { 'aws:ResourceTag/env': 'test' } })

const kinds = services.flatMap(({ id, kinds = [] }) =>
  kinds
    .filter(({ definition }) => definition.tags !== 'none')
    .map(({ definition }) => ({ id, name: `${id} ${definition.table.name}` })),
)

it('knows a request for every kind whose resources have tags', () => {
  expect(kinds.map(({ name }) => name).sort()).toEqual(Object.keys(asked).sort())
})

const requests = kinds.flatMap(({ id, name }) =>
  (asked[name] ?? []).map(([operation, input]) => ({ id, operation, input })),
)

it.each(requests)(
  '$id:$operation is denied by the tag of what it touches',
  async ({ id, operation, input }) => {
    expect(await denied(isProd(id, operation, input))).toBe(true)
  },
)

it.each(requests)('$id:$operation is not denied by another tag', async ({ id, operation, input }) => {
  expect(await denied(isTest(id, operation, input))).toBe(false)
})
