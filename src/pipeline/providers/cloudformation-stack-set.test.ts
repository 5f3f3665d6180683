import { describe, expect, test } from 'vitest'
import type { ActionDeclaration } from '../../model/index.ts'
import { pipelineNeeds } from '../needs.ts'
import { validateDeclaration } from '../rules.ts'
import { DEPLOY_ROLE, HOME, PROD, surroundings, withStage } from '../sample.fixture.ts'

const ADMINISTRATION = `arn:aws:iam::${PROD}:role/sets`

const action = (provider: string, configuration: Record<string, string>): ActionDeclaration => ({
  name: provider,
  actionTypeId: { category: 'Deploy', owner: 'AWS', provider, version: '1' },
  configuration: { StackSetName: 'base', ...configuration },
  inputArtifacts: [{ name: 'BuildOutput' }],
  roleArn: DEPLOY_ROLE,
})
const set = (configuration: Record<string, string> = {}) =>
  action('CloudFormationStackSet', { TemplatePath: 'BuildOutput::base.yaml', ...configuration })
const instances = (configuration: Record<string, string>) => ({
  ...action('CloudFormationStackInstances', configuration),
  runOrder: 2,
})

const messages = (...actions: ActionDeclaration[]): string[] =>
  validateDeclaration(withStage('Prod', actions), HOME).map(({ message }) => message)
const needs = (...actions: ActionDeclaration[]): string[] =>
  pipelineNeeds(withStage('Prod', actions), surroundings).map(
    ({ principal, action: called, resource }) => `${principal.split('/').at(-1)} ${called} ${resource}`,
  )

const TARGETS = { DeploymentTargets: '222222222222,333333333333', Regions: 'us-east-1,eu-west-1' }
const UNITS = { DeploymentTargets: 'ou-ab12-cdefgh34', Regions: 'us-east-1' }

describe('self-managed permissions', () => {
  test('a stack set is deployed through two roles, the named one of which is passed', () => {
    const named = set({ ...TARGETS, AdministrationRoleArn: ADMINISTRATION, ExecutionRoleName: 'instances' })
    expect(messages(named)).toEqual([])
    expect(needs(named)).toEqual(
      expect.arrayContaining([
        `hello-deploy cloudformation:CreateStackInstances arn:aws:cloudformation:us-east-1:${PROD}:stackset/base:*`,
        `hello-deploy iam:PassRole ${ADMINISTRATION}`,
        `cloudformation.amazonaws.com sts:AssumeRole ${ADMINISTRATION}`,
        'sets sts:AssumeRole arn:aws:iam::333333333333:role/instances',
        'instances cloudformation:CreateStack arn:aws:cloudformation:eu-west-1:222222222222:stack/StackSet-base-*/*',
      ]),
    )
  })

  test('the roles that AWS takes by itself are not passed', () => {
    const found = needs(set(TARGETS))
    expect(found.filter((one) => one.includes('iam:PassRole'))).toEqual([])
    expect(found).toContain(
      'AWSCloudFormationStackSetAdministrationRole sts:AssumeRole arn:aws:iam::222222222222:role/AWSCloudFormationStackSetExecutionRole',
    )
  })

  test('further stacks go through the roles of the stack set, which nobody passes again', () => {
    const found = needs(
      set({ AdministrationRoleArn: ADMINISTRATION, ExecutionRoleName: 'instances' }),
      instances(TARGETS),
    )
    expect(found).toContain('sets sts:AssumeRole arn:aws:iam::222222222222:role/instances')
    expect(found.filter((one) => one.includes('iam:PassRole'))).toHaveLength(1)
  })

  test('of a stack set that is made elsewhere nothing is known but its name', () => {
    expect(needs(instances(TARGETS)).filter((one) => one.includes('stack/StackSet-'))).toEqual([])
  })
})

test('service-managed permissions take the targets and the types of the template too', () => {
  const managed = set({ ...UNITS, PermissionModel: 'SERVICE_MANAGED', CallAs: 'DELEGATED_ADMIN' })
  expect(messages(managed)).toEqual([])
  const found = needs(managed)
  expect(found).toContain(
    `hello-deploy cloudformation:UpdateStackSet arn:aws:cloudformation:*:${PROD}:stackset-target/base:*/ou-ab12-cdefgh34`,
  )
  expect(found).toContain('hello-deploy organizations:ListDelegatedAdministrators *')
  expect(found.filter((one) => one.includes('sts:AssumeRole') && one.includes('StackSet'))).toEqual([])
})

test.each([
  [set({ Regions: 'us-east-1' }), /DeploymentTargets and Regions are given together/],
  [set({ ...TARGETS, ...{ StackSetName: 'a_b' } }), /StackSetName is "a_b"/],
  [set({ ...TARGETS, DeploymentTargets: 'dev' }), /neither an account nor an organizational unit/],
  [
    set({ ...TARGETS, DeploymentTargets: 'Nothing::accounts.json' }),
    /Nothing, which is not one of its inputs/,
  ],
  [set({ ...TARGETS, MaxConcurrentPercentage: '0' }), /MaxConcurrentPercentage is "0"/],
  [set({ ...TARGETS, FailureTolerancePercentage: '101' }), /FailureTolerancePercentage is "101"/],
  [set({ ...TARGETS, Parameters: '{"A":"b"}' }), /Parameters must have the form/],
  [set({ TemplatePath: 'base.yaml' }), /TemplatePath is "base.yaml"/],
  [set(UNITS), /with PermissionModel SELF_MANAGED it takes accounts/],
  [set({ ...TARGETS, PermissionModel: 'SERVICE_MANAGED' }), /it takes organizational units/],
  [set({ ...TARGETS, CallAs: 'SELF' }), /CallAs has no meaning/],
  [
    set({ ...UNITS, PermissionModel: 'SERVICE_MANAGED', ExecutionRoleName: 'a' }),
    /ExecutionRoleName has no meaning/,
  ],
  [
    set({ ...UNITS, PermissionModel: 'SERVICE_MANAGED', OrganizationsAutoDeployment: 'Enabled' }),
    /OrganizationsAutoDeployment is given without/,
  ],
  [instances({ Regions: 'us-east-1' }), /missing required configuration 'DeploymentTargets'/],
])('what AWS does not take is told: %#', (one, message) => {
  expect(messages(one).join('\n')).toMatch(message)
})
