/** Typical mistakes in the systems of examples/foreign, and where AWS fails for each. */
import type { Template } from '../../src/model/index.ts'
import { ACCOUNTS, changeSets } from './change-sets-system.ts'
import { ecsPolicies } from './ecs-policies-system.ts'
import {
  type Deployment,
  type ForeignSystem,
  type Mistake,
  withoutStatement,
  withStatement,
} from './foreign-system.ts'

export interface Case extends Mistake {
  readonly title: string
  readonly system: ForeignSystem
  /** `stage/action` of the action that fails, or the logical ID of the resource whose stack does. */
  readonly failsAt: string
  readonly message: RegExp
  /** Set where only the order is wrong: the templates as they stand at the end are right. */
  readonly onlyOrder?: true
}

const inFile =
  (file: string, change: (template: Template) => Template): Mistake['template'] =>
  (deployment, template) =>
    deployment.template === file ? change(template) : template

const dropped = (file: string, sid: string) => inFile(file, (template) => withoutStatement(template, sid))

/** Gives parameters with some replaced, in the deployments of one template. */
const given =
  (file: string, parameters: Record<string, string>): Mistake['parameters'] =>
  (deployment) =>
    deployment.template === file ? { ...deployment.parameters, ...parameters } : deployment.parameters

const isSecondPass = ({ template, parameters }: Deployment) =>
  template === 'deploy.yaml' && parameters.KeyArns!.includes('bay-regional')

const noCode =
  /Stack greeter in 222222222222 us-east-1 .*Function \(AWS::Lambda::Function\): .*access has been denied by S3.*GetObject/

const changeSetCases: Omit<Case, 'system'>[] = [
  {
    title: 'the CloudFormation role may not read the function’s code in the artifact bucket',
    template: dropped('deploy.yaml', 'ReadCode'),
    failsAt: 'Dev/ExecuteHome',
    message: noCode,
  },
  {
    title: 'the CloudFormation role may not decrypt the function’s code',
    template: dropped('deploy.yaml', 'DecryptCode'),
    failsAt: 'Dev/ExecuteHome',
    message: noCode,
  },
  {
    title: 'the bucket policy forgets to let the deploy roles read',
    template: dropped('primary.yaml', 'DeployRolesRead'),
    failsAt: 'Dev/CreateHome',
    message:
      /222222222222:assumed-role\/cross-account-pipeline\/.* s3:GetObject.* no resource-based policy allows/,
  },
  {
    title: 'the key policy forgets the deploy roles',
    template: dropped('primary.yaml', 'DeployRoles'),
    failsAt: 'Dev/CreateHome',
    message:
      /222222222222:assumed-role\/cross-account-pipeline\/.* kms:Decrypt on the resource associated with this ciphertext/,
  },
  {
    title: 'the key policy of the second region forgets the deploy roles',
    template: dropped('regional.yaml', 'DeployRoles'),
    failsAt: 'Test/CreateSecond',
    message:
      /333333333333:assumed-role\/cross-account-pipeline\/.* kms:Decrypt on the resource associated with this ciphertext/,
  },
  {
    title: 'the deploy stacks are not told of the second region',
    skips: isSecondPass,
    failsAt: 'Test/CreateSecond',
    message:
      /333333333333:assumed-role\/cross-account-pipeline\/.* s3:GetObject.* no identity-based policy allows/,
  },
  {
    title: 'the artifact store of the second region names the key of the first',
    parameters: given('pipeline.yaml', { SecondKeyArn: '{bay-primary.KeyArn}' }),
    failsAt: 'Test/CreateSecond',
    message: /Invalid arn us-east-1/,
  },
  {
    title: 'the action role may not pass the CloudFormation role',
    template: dropped('deploy.yaml', 'PassTheCloudFormationRole'),
    failsAt: 'Dev/CreateHome',
    message:
      /222222222222:assumed-role\/cross-account-pipeline\/.* not authorized to perform: iam:PassRole on resource: arn:aws:iam::222222222222:role\/cross-account-cloudformation/,
  },
  {
    title: 'the pipeline’s role may not use the key of the second region',
    template: inFile('pipeline.yaml', (template) =>
      withStatement(template, 'Keys', (one) => ({ ...one, Resource: { Ref: 'KeyArn' } as never })),
    ),
    failsAt: 'Test/CreateSecond',
    message: /111111111111:assumed-role\/greeter-pipeline\/.* kms:GenerateDataKey/,
  },
  {
    title: 'the pipeline’s role may not assume the role in prod',
    template: inFile('pipeline.yaml', (template) =>
      withStatement(template, 'ActInDeployAccounts', (one) => ({
        ...one,
        Resource: (one.Resource as string[]).slice(0, 2),
      })),
    ),
    failsAt: 'Pipeline',
    message: new RegExp(
      `arn:aws:iam::111111111111:role/greeter-pipeline is not authorized to perform AssumeRole on role arn:aws:iam::${ACCOUNTS.Prod}:role/cross-account-pipeline`,
    ),
  },
  {
    title: 'the roles of the deploy accounts trust another account',
    parameters: given('deploy.yaml', { BuildAccount: '999999999999' }),
    failsAt: 'Pipeline',
    message: /greeter-pipeline is not authorized to perform AssumeRole on role/,
  },
  {
    title: 'DeployReady is set before the roles exist',
    parameters: (deployment) =>
      changeSets.deployments.find(
        (one) => one.template === deployment.template && one.parameters.DeployReady === 'true',
      )?.parameters ?? deployment.parameters,
    failsAt: 'Key',
    message: /Policy contains a statement with one or more invalid principals/,
    onlyOrder: true,
  },
  {
    title: 'a bucket policy names a role that does not exist',
    parameters: (deployment) =>
      deployment.parameters.DeployReady === 'true'
        ? { ...deployment.parameters, DeployRoleArns: `arn:aws:iam::${ACCOUNTS.Dev}:role/mistyped` }
        : deployment.parameters,
    template: (deployment, template) =>
      deployment.parameters.DeployReady === 'true' ? withoutStatement(template, 'DeployRoles') : template,
    failsAt: 'PipelineBucketPolicy',
    message: /Invalid principal in policy/,
  },
]

const ecsCases: Omit<Case, 'system'>[] = [
  {
    title: 'the CodeBuild project does not name the pipeline’s key',
    template: inFile('build.yaml', (template) => {
      const changed = structuredClone(template) as Template
      delete (changed.Resources.Project!.Properties as Record<string, unknown>).EncryptionKey
      return changed
    }),
    failsAt: 'Test/Deploy',
    message:
      /333333333333:assumed-role\/test-deployment\/.* kms:Decrypt on the resource associated with this ciphertext because/,
  },
  {
    title: 'the key policy forgets the test account',
    template: inFile('build.yaml', (template) =>
      withStatement(template, 'Use', (one) => ({
        ...one,
        Principal: { AWS: (one.Principal as { AWS: string[] }).AWS.slice(1) },
      })),
    ),
    failsAt: 'Test/Deploy',
    message: /333333333333:assumed-role\/test-deployment\/.* kms:Decrypt on the resource associated/,
  },
  {
    title: 'the key policy forgets the build role',
    template: inFile('build.yaml', (template) =>
      withStatement(template, 'Use', (one) => ({
        ...one,
        Principal: { AWS: (one.Principal as { AWS: string[] }).AWS.slice(0, 2) },
      })),
    ),
    failsAt: 'Build/Image',
    message: /my-thing-build.* kms:Decrypt/,
  },
  {
    title: 'the deploy role may not decrypt',
    template: dropped('test.yaml', 'DecryptArtifacts'),
    failsAt: 'Test/Deploy',
    message: /test-deployment\/.* kms:Decrypt .*no identity-based policy allows/,
  },
  {
    title: 'the bucket policy lets the test account look, but not read',
    template: inFile('build.yaml', (template) =>
      withStatement(template, 'TestAccount', (one) => ({ ...one, Action: ['s3:GetBucketLocation'] })),
    ),
    failsAt: 'Test/Deploy',
    message: /test-deployment\/.* s3:GetObject.* no resource-based policy allows/,
  },
  {
    title: 'the roles of the tasks are passed to another service only',
    template: inFile('test.yaml', (template) =>
      withStatement(template, 'PassTaskRoles', (one) => ({
        ...one,
        Condition: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
      })),
    ),
    failsAt: 'Test/Deploy',
    message: /iam:PassRole on resource: arn:aws:iam::333333333333:role\/my-thing-task/,
  },
  {
    title: 'the deploy role may do with ECS what is asked of it, and pass no role',
    template: dropped('test.yaml', 'PassTaskRoles'),
    failsAt: 'Test/Deploy',
    message: /test-deployment\/.* iam:PassRole .*no identity-based policy allows/,
  },
  {
    title: 'the repository lets the test account pull no longer',
    template: inFile('build.yaml', (template) =>
      withStatement(template, 'TestAccountPulls', (one) => ({ ...one, Action: ['ecr:ListImages'] })),
    ),
    failsAt: 'Test/Deploy',
    message:
      /CannotPullContainerError: .*my-thing-execution\/.* ecr:BatchGetImage .*no resource-based policy allows/,
  },
  {
    title: 'the execution role may not read the secret of the tasks',
    template: inFile('test.yaml', (template) => {
      const changed = structuredClone(template) as Template
      const ValueFrom = 'arn:aws:secretsmanager:us-west-2:333333333333:secret:key-a1b2c3:json::'
      // biome-ignore lint/suspicious/noExplicitAny: a path through a template leads through anything
      const tasks = changed.Resources.Tasks!.Properties as any
      tasks.ContainerDefinitions[0].Secrets = [{ Name: 'KEY', ValueFrom }]
      return changed
    }),
    failsAt: 'Service',
    message: /ECS Deployment Circuit Breaker was triggered/,
  },
  {
    title: 'the execution role may not pull',
    template: dropped('test.yaml', 'PullImages'),
    failsAt: 'Test/Deploy',
    message:
      /CannotPullContainerError: .*my-thing-execution\/.* ecr:BatchGetImage .*no identity-based policy allows/,
  },
]

export const cases: readonly Case[] = [
  ...changeSetCases.map((one) => ({ ...one, system: changeSets })),
  ...ecsCases.map((one) => ({ ...one, system: ecsPolicies })),
]
