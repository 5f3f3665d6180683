import { expect, test } from 'vitest'
import type { ActionDeclaration, PipelineDeclaration } from '../model/index.ts'
import { deployedStacks } from './deployed-stacks.ts'

const HOME = { account: '111111111111', region: 'us-east-1' }
const ACTING = 'arn:aws:iam::222222222222:role/acting'
const STACK_ROLE = 'arn:aws:iam::222222222222:role/stack'

const action = (name: string, configuration: Record<string, string>, more = {}): ActionDeclaration => ({
  name,
  actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'CloudFormation', version: '1' },
  configuration: { StackName: 'app', ...configuration },
  roleArn: ACTING,
  ...more,
})

const pipeline = (...actions: ActionDeclaration[]): PipelineDeclaration => ({
  name: 'orders',
  roleArn: 'arn:aws:iam::111111111111:role/pipeline',
  stages: [{ name: 'Deploy', actions }],
})

test('a stack is where its action works, with the values that the action itself gives', () => {
  const overrides = {
    Stage: 'dev',
    Count: 2,
    Code: { 'Fn::GetArtifactAtt': ['Built', 'BucketName'] },
    Commit: '#{Source.CommitId}',
  }
  const declared = pipeline(
    action(
      'Change',
      {
        ActionMode: 'CREATE_UPDATE',
        RoleArn: STACK_ROLE,
        TemplatePath: 'Built::out/app.yaml',
        TemplateConfiguration: 'Built::dev.json',
        ParameterOverrides: JSON.stringify(overrides),
      },
      { region: 'eu-west-1' },
    ),
  )
  expect(deployedStacks(declared, HOME)).toEqual([
    {
      pipeline: 'orders',
      stage: 'Deploy',
      action: 'Change',
      account: '222222222222',
      region: 'eu-west-1',
      name: 'app',
      role: STACK_ROLE,
      caller: ACTING,
      deletes: false,
      byChangeSet: false,
      capabilities: [],
      parameters: { Stage: 'dev', Count: '2', Code: undefined, Commit: undefined },
      template: { artifact: 'Built', path: 'out/app.yaml' },
      settings: { artifact: 'Built', path: 'dev.json' },
      source: expect.objectContaining({ name: 'Change' }),
    },
  ])
})

test('of a change set, what executes it changes the stack with what created it', () => {
  const create = action('Create', {
    ActionMode: 'CHANGE_SET_REPLACE',
    ChangeSetName: 'next',
    RoleArn: STACK_ROLE,
    TemplatePath: 'Built::app.yaml',
  })
  const execute = action('Execute', { ActionMode: 'CHANGE_SET_EXECUTE', ChangeSetName: 'next' })
  expect(deployedStacks(pipeline(create, execute), HOME)).toMatchObject([
    { action: 'Execute', role: STACK_ROLE, template: { path: 'app.yaml' } },
  ])
  expect(deployedStacks(pipeline(create), HOME)).toMatchObject([{ action: 'Create' }])
  expect(deployedStacks(pipeline(execute), HOME)).toEqual([])
  const other = { ...create, roleArn: 'arn:aws:iam::222222222222:role/creates' }
  expect(deployedStacks(pipeline(other, execute), HOME)).toMatchObject([
    { action: 'Create', caller: other.roleArn },
  ])
})

test('a stack may be deleted, may be named by a variable, and may have no role of its own', () => {
  const declared = pipeline(
    action('Delete', { ActionMode: 'DELETE_ONLY', RoleArn: STACK_ROLE }),
    action(
      'Named',
      { ActionMode: 'CREATE_UPDATE', StackName: 'app-#{variables.Name}' },
      { roleArn: undefined },
    ),
  )
  expect(deployedStacks(declared, HOME)).toMatchObject([
    { name: 'app', deletes: true },
    { name: 'app-*', account: '111111111111', role: 'arn:aws:iam::111111111111:role/pipeline' },
  ])
})
