/** A stack set as a deploy: one template, its stacks in many accounts and regions, which CloudFormation looks after. */
import * as z from 'zod/mini'
import { provider, writeShorthand } from '../../pipeline/index.ts'
import { expandText, expandValues } from '../text.ts'
import { artifactFields } from './deploy-fields.ts'
import { type DeployScope, deployKind } from './deploy-kind.ts'
import { nameField } from './deploy-name.ts'
import { type StackSetDeploy, stackSetSchema } from './stack-set-deploy.ts'

export const stackset = deployKind({
  key: 'stackset',
  schema: z.strictObject({
    ...nameField,
    stackset: stackSetSchema.check(
      z.describe(
        'a stack set in the account of the stage → a CloudFormationStackSet action, and roles for the stacks in other accounts',
      ),
    ),
    ...artifactFields,
  }),
  called: ({ stackset: { name } }) => name,
  stackSet: ({ stackset: deploy }) => deploy,
  refused: (_, { name, places }) =>
    places > 1
      ? {
          what: `the stage ${name} would make the stack set in each of its ${places} places`,
          fix: 'give it a stage of one account with one of `regions`; the stack set has regions of its own',
        }
      : undefined,
  expand: ({ stackset: deploy }, scope) => {
    const name = expandText(deploy.name, scope)
    const parameters = expandValues(deploy.parameters, scope)
    return {
      deploy: {
        name: `deploy-${name}-${scope.place}`,
        actionTypeId: provider.cloudformationStackSet.type,
        configuration: {
          StackSetName: name,
          TemplatePath: `${scope.input}::${expandText(deploy.template, scope)}`,
          ...(Object.keys(parameters).length && { Parameters: writeShorthand(parameters) }),
          ...(scope.capabilities && { Capabilities: scope.capabilities }),
          ...targetsOf(deploy, scope),
          Regions: deploy.regions.join(','),
          ...(deploy.failureTolerance !== undefined && {
            FailureTolerancePercentage: String(deploy.failureTolerance),
          }),
          ...(deploy.maxConcurrent !== undefined && {
            MaxConcurrentPercentage: String(deploy.maxConcurrent),
          }),
        },
        inputArtifacts: [{ name: scope.input }],
        roleArn: scope.actionRole,
        region: scope.region,
      },
    }
  },
})

/** AWS: accounts go with roles that somebody made, units with those that StackSets makes. */
function targetsOf(
  { accounts, organizationalUnits: units = [] }: StackSetDeploy,
  { account, management, administrationRole, executionRoleName }: DeployScope,
): Record<string, string> {
  if (accounts)
    return {
      PermissionModel: 'SELF_MANAGED',
      AdministrationRoleArn: administrationRole,
      ExecutionRoleName: executionRoleName,
      DeploymentTargets: accounts.join(','),
    }
  return {
    PermissionModel: 'SERVICE_MANAGED',
    CallAs: account === management ? 'SELF' : 'DELEGATED_ADMIN',
    DeploymentTargets: units.join(','),
  }
}
