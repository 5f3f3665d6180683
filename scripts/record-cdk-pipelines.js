/**
 * Records what AWS CDK makes of pipelines, as `tests/cases/cdk-pipelines` keeps it: apps after the manner of CDK's own
 * integration tests, written anew. `npm install aws-cdk-lib constructs` in a folder outside, then
 * `node scripts/record-cdk-pipelines.js <that folder>`; recorded with aws-cdk-lib 2.276.0.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const [from = '.', to = join(import.meta.dirname, '..', 'tests', 'cases', 'cdk-pipelines')] =
  process.argv.slice(2)
const load = createRequire(join(resolve(from), 'package.json'))
const cdk = load('aws-cdk-lib')
const service = (name) => load(`aws-cdk-lib/aws-${name}`)
const [pipes, acts, s3, kms, iam, lambda, build, commit, ecr, sns, ecs, ec2, deploy, _events, targets, sfn] =
  [
    'codepipeline',
    'codepipeline-actions',
    's3',
    'kms',
    'iam',
    'lambda',
    'codebuild',
    'codecommit',
    'ecr',
    'sns',
    'ecs',
    'ec2',
    'codedeploy',
    'events',
    'events-targets',
    'stepfunctions',
  ].map(service)
const [ssm, secrets] = ['ssm', 'secretsmanager'].map(service)

const HUB = { account: '111111111111', region: 'us-east-1' }
const OTHER = { account: '222222222222', region: 'us-east-1' }
const WEST = { account: '111111111111', region: 'us-west-2' }

const artifact = (name) => new pipes.Artifact(name)
const keep = { removalPolicy: cdk.RemovalPolicy.DESTROY }

/** A source bucket of versions and the action that reads it. */
function fromBucket(stack, output, more = {}) {
  const bucket = new s3.Bucket(stack, 'Sources', { versioned: true, ...keep })
  return new acts.S3SourceAction({ actionName: 'Fetch', bucket, bucketKey: 'app.zip', output, ...more })
}
const stages = (...lists) => lists.map((actions, index) => ({ stageName: `Stage${index + 1}`, actions }))
const project = (stack, id = 'Project', more = {}) =>
  new build.PipelineProject(stack, id, {
    buildSpec: build.BuildSpec.fromObject({
      version: '0.2',
      phases: { build: { commands: ['mkdir -p out', 'cp app.txt out/app.txt'] } },
      artifacts: { files: ['out/app.txt'] },
    }),
    ...more,
  })
const reporting = (stack, id = 'Report') =>
  new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(
      "const { CodePipelineClient, PutJobSuccessResultCommand } = require('@aws-sdk/client-codepipeline');\nexports.handler = async (event) => new CodePipelineClient({}).send(new PutJobSuccessResultCommand({ jobId: event['CodePipeline.job'].id }));\n",
    ),
  })

/** By name: what an app makes in its stacks. */
const apps = {
  's3-to-s3': (stack) => {
    const output = artifact('Src')
    const site = new s3.Bucket(stack, 'Site', keep)
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, output)],
        [new acts.S3DeployAction({ actionName: 'Copy', bucket: site, input: output })],
      ),
    })
  },
  's3-to-s3-acl': (stack) => {
    const output = artifact('Src')
    const site = new s3.Bucket(stack, 'Site', { objectOwnership: s3.ObjectOwnership.OBJECT_WRITER, ...keep })
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, output)],
        [
          new acts.S3DeployAction({
            actionName: 'Copy',
            bucket: site,
            input: output,
            extract: false,
            objectKey: 'site/app.zip',
            accessControl: s3.BucketAccessControl.PRIVATE,
            cacheControl: [acts.CacheControl.setPublic(), acts.CacheControl.maxAge(cdk.Duration.hours(1))],
          }),
        ],
      ),
    })
  },
  's3-to-s3-key': (stack) => {
    const output = artifact('Src')
    const key = new kms.Key(stack, 'SiteKey')
    const site = new s3.Bucket(stack, 'Site', { encryptionKey: key, ...keep })
    new pipes.Pipeline(stack, 'Pipeline', {
      crossAccountKeys: true,
      stages: stages(
        [fromBucket(stack, output, { trigger: acts.S3Trigger.POLL })],
        [new acts.S3DeployAction({ actionName: 'Copy', bucket: site, input: output, encryptionKey: key })],
      ),
    })
  },
  's3-source-imported': (stack) => {
    const output = artifact('Src')
    const bucket = s3.Bucket.fromBucketName(stack, 'Sources', 'sources-of-somebody')
    const site = new s3.Bucket(stack, 'Site', keep)
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [new acts.S3SourceAction({ actionName: 'Fetch', bucket, bucketKey: 'app.zip', output })],
        [new acts.S3DeployAction({ actionName: 'Copy', bucket: site, input: output })],
      ),
    })
  },
  'lambda-invoke': (stack) => {
    const output = artifact('Src')
    const made = artifact('Made')
    new pipes.Pipeline(stack, 'Pipeline', {
      crossAccountKeys: true,
      stages: stages(
        [fromBucket(stack, output)],
        [
          new acts.LambdaInvokeAction({
            actionName: 'Call',
            lambda: reporting(stack),
            inputs: [output],
            outputs: [made],
            userParameters: { a: 1 },
          }),
        ],
      ),
    })
  },
  'build-inputs-outputs': (stack) => {
    const [one, two] = [artifact('One'), artifact('Two')]
    const repository = new commit.Repository(stack, 'Repository', { repositoryName: 'two' })
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [
          fromBucket(stack, one),
          new acts.CodeCommitSourceAction({ actionName: 'Commits', repository, output: two }),
        ],
        [
          new acts.CodeBuildAction({
            actionName: 'Build',
            project: project(stack),
            input: one,
            extraInputs: [two],
            outputs: [artifact('A'), artifact('B')],
          }),
        ],
      ),
    })
  },
  'build-and-test': (stack) => {
    const one = artifact('One')
    new pipes.Pipeline(stack, 'Pipeline', {
      crossAccountKeys: true,
      enableKeyRotation: true,
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CodeBuildAction({
            actionName: 'Build',
            project: project(stack),
            input: one,
            outputs: [artifact('A')],
          }),
          new acts.CodeBuildAction({
            actionName: 'Test',
            type: acts.CodeBuildActionType.TEST,
            project: project(stack, 'Tests'),
            input: one,
          }),
        ],
      ),
    })
  },
  'build-environment': (stack) => {
    const one = artifact('One')
    new ssm.StringParameter(stack, 'Parameter', { stringValue: 'x', parameterName: '/app/x' })
    new secrets.Secret(stack, 'Secret', { secretName: 'app-secret' })
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CodeBuildAction({
            actionName: 'Build',
            project: project(stack),
            input: one,
            environmentVariables: {
              PLAIN: { value: 'x' },
              PARAMETER: { value: '/app/x', type: build.BuildEnvironmentVariableType.PARAMETER_STORE },
              SECRET: { value: 'app-secret', type: build.BuildEnvironmentVariableType.SECRETS_MANAGER },
            },
          }),
        ],
      ),
    })
  },
  'build-batch': (stack) => {
    const one = artifact('One')
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CodeBuildAction({
            actionName: 'Build',
            project: project(stack),
            input: one,
            executeBatchBuild: true,
            combineBatchBuildArtifacts: true,
            outputs: [artifact('A')],
          }),
        ],
      ),
    })
  },
  'build-in-vpc-with-cache-and-reports': (stack) => {
    const one = artifact('One')
    const vpc = new ec2.Vpc(stack, 'Vpc', {
      maxAzs: 1,
      natGateways: 0,
      subnetConfiguration: [{ name: 'in', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    })
    const cache = new s3.Bucket(stack, 'Cache', keep)
    const inside = project(stack, 'Inside', {
      vpc,
      subnetSelection: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      cache: build.Cache.bucket(cache, { prefix: 'c' }),
    })
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [new acts.CodeBuildAction({ actionName: 'Build', project: inside, input: one })],
      ),
    })
  },
  'clone-codecommit': (stack) => {
    const one = artifact('One')
    const repository = new commit.Repository(stack, 'Repository', { repositoryName: 'app' })
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [
          new acts.CodeCommitSourceAction({
            actionName: 'Commits',
            repository,
            output: one,
            codeBuildCloneOutput: true,
          }),
        ],
        [
          new acts.CodeBuildAction({
            actionName: 'Build',
            project: project(stack),
            input: one,
            outputs: [artifact('A')],
          }),
        ],
      ),
    })
  },
  'clone-connection': (stack) => {
    const one = artifact('One')
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [
          new acts.CodeStarConnectionsSourceAction({
            actionName: 'Commits',
            owner: 'acme',
            repo: 'app',
            branch: 'main',
            connectionArn:
              'arn:aws:codestar-connections:us-east-1:111111111111:connection/6f2c3f4e-0000-4000-8000-000000000001',
            output: one,
            codeBuildCloneOutput: true,
          }),
        ],
        [
          new acts.CodeBuildAction({
            actionName: 'Build',
            project: project(stack),
            input: one,
            outputs: [artifact('A')],
          }),
        ],
      ),
    })
  },
  'stack-change-set': (stack) => {
    const one = artifact('One')
    const role = new iam.Role(stack, 'StackRole', {
      assumedBy: new iam.ServicePrincipal('cloudformation.amazonaws.com'),
    })
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CloudFormationCreateReplaceChangeSetAction({
            actionName: 'Prepare',
            runOrder: 1,
            stackName: 'made',
            changeSetName: 'change',
            deploymentRole: role,
            adminPermissions: false,
            templatePath: one.atPath('template.json'),
            templateConfiguration: one.atPath('settings.json'),
            cfnCapabilities: [cdk.CfnCapabilities.NAMED_IAM],
          }),
          new acts.ManualApprovalAction({ actionName: 'Agree', runOrder: 2 }),
          new acts.CloudFormationExecuteChangeSetAction({
            actionName: 'Execute',
            runOrder: 3,
            stackName: 'made',
            changeSetName: 'change',
          }),
        ],
      ),
    })
  },
  'stack-update-and-delete': (stack) => {
    const one = artifact('One')
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CloudFormationCreateUpdateStackAction({
            actionName: 'Deploy',
            stackName: 'made',
            adminPermissions: true,
            templatePath: one.atPath('template.json'),
            replaceOnFailure: true,
          }),
        ],
        [
          new acts.CloudFormationDeleteStackAction({
            actionName: 'Delete',
            stackName: 'made',
            adminPermissions: true,
          }),
        ],
      ),
    })
  },
  'stack-outputs': (stack) => {
    const one = artifact('One')
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CloudFormationCreateUpdateStackAction({
            actionName: 'Deploy',
            stackName: 'made',
            adminPermissions: true,
            templatePath: one.atPath('template.json'),
            output: artifact('Told'),
            outputFileName: 'told.json',
          }),
        ],
      ),
    })
  },
  'stack-with-action-role': (stack) => {
    const one = artifact('One')
    const role = new iam.Role(stack, 'ActionRole', { assumedBy: new iam.AccountRootPrincipal() })
    role.addToPolicy(new iam.PolicyStatement({ actions: ['cloudformation:*'], resources: ['*'] }))
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CloudFormationCreateUpdateStackAction({
            actionName: 'Deploy',
            role,
            stackName: 'made',
            adminPermissions: true,
            templatePath: one.atPath('template.json'),
          }),
        ],
      ),
    })
  },
  'stack-of-another-account': (stack) => {
    const one = artifact('One')
    new pipes.Pipeline(stack, 'Pipeline', {
      crossAccountKeys: true,
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CloudFormationCreateUpdateStackAction({
            actionName: 'Deploy',
            account: OTHER.account,
            stackName: 'made',
            adminPermissions: true,
            templatePath: one.atPath('template.json'),
          }),
        ],
      ),
    })
  },
  'stack-of-another-region': (stack) => {
    const one = artifact('One')
    new pipes.Pipeline(stack, 'Pipeline', {
      crossAccountKeys: true,
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CloudFormationCreateUpdateStackAction({
            actionName: 'Deploy',
            region: WEST.region,
            stackName: 'made',
            adminPermissions: true,
            templatePath: one.atPath('template.json'),
          }),
        ],
      ),
    })
  },
  'code-through-pipeline': (stack, app) => {
    const [one, code] = [artifact('One'), artifact('Code')]
    const parameters = lambda.Code.fromCfnParameters()
    const other = new cdk.Stack(app, 'Function', { env: HUB, synthesizer: new cdk.LegacyStackSynthesizer() })
    new lambda.Function(other, 'F', {
      code: parameters,
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_22_X,
    })
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CodeBuildAction({
            actionName: 'Build',
            project: project(stack),
            input: one,
            outputs: [code],
          }),
        ],
        [
          new acts.CloudFormationCreateUpdateStackAction({
            actionName: 'Deploy',
            stackName: 'made',
            adminPermissions: true,
            templatePath: one.atPath('template.json'),
            extraInputs: [code],
            parameterOverrides: parameters.assign(code.s3Location),
          }),
        ],
      ),
    })
  },
  'stack-set': (stack) => {
    const one = artifact('One')
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CloudFormationDeployStackSetAction({
            actionName: 'Set',
            runOrder: 1,
            stackSetName: 'many',
            template: acts.StackSetTemplate.fromArtifactPath(one.atPath('template.json')),
            deploymentModel: acts.StackSetDeploymentModel.selfManaged({}),
          }),
          new acts.CloudFormationDeployStackInstancesAction({
            actionName: 'Instances',
            runOrder: 2,
            stackSetName: 'many',
            stackInstances: acts.StackInstances.inAccounts([HUB.account], [HUB.region]),
          }),
        ],
      ),
    })
  },
  servers: (stack) => {
    const one = artifact('One')
    const application = new deploy.ServerApplication(stack, 'Application')
    const group = new deploy.ServerDeploymentGroup(stack, 'Group', {
      application,
      deploymentConfig: deploy.ServerDeploymentConfig.ALL_AT_ONCE,
    })
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [new acts.CodeDeployServerDeployAction({ actionName: 'Deploy', deploymentGroup: group, input: one })],
      ),
    })
  },
  'servers-own-configuration': (stack) => {
    const one = artifact('One')
    const configuration = new deploy.ServerDeploymentConfig(stack, 'Configuration', {
      minimumHealthyHosts: deploy.MinimumHealthyHosts.count(1),
    })
    const group = new deploy.ServerDeploymentGroup(stack, 'Group', { deploymentConfig: configuration })
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [new acts.CodeDeployServerDeployAction({ actionName: 'Deploy', deploymentGroup: group, input: one })],
      ),
    })
  },
  'ecs-blue-green': (stack) => {
    const one = artifact('One')
    const group = deploy.EcsDeploymentGroup.fromEcsDeploymentGroupAttributes(stack, 'Group', {
      application: deploy.EcsApplication.fromEcsApplicationName(stack, 'Application', 'shop'),
      deploymentGroupName: 'blue-green',
    })
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CodeDeployEcsDeployAction({
            actionName: 'Deploy',
            deploymentGroup: group,
            taskDefinitionTemplateInput: one,
            appSpecTemplateInput: one,
          }),
        ],
      ),
    })
  },
  'ecs-rolling': (stack) => {
    const one = artifact('One')
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0 })
    const cluster = new ecs.Cluster(stack, 'Cluster', { vpc })
    const definition = new ecs.FargateTaskDefinition(stack, 'Task')
    definition.addContainer('web', { image: ecs.ContainerImage.fromRegistry('nginx') })
    const web = new ecs.FargateService(stack, 'Web', {
      cluster,
      taskDefinition: definition,
      assignPublicIp: true,
    })
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.EcsDeployAction({
            actionName: 'Deploy',
            service: web,
            input: one,
            deploymentTimeout: cdk.Duration.minutes(30),
          }),
        ],
      ),
    })
  },
  'image-source': (stack) => {
    const one = artifact('One')
    const site = new s3.Bucket(stack, 'Site', keep)
    const repository = new ecr.Repository(stack, 'Images', { repositoryName: 'images' })
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [new acts.EcrSourceAction({ actionName: 'Image', repository, output: one })],
        [new acts.S3DeployAction({ actionName: 'Copy', bucket: site, input: one })],
      ),
    })
  },
  'state-machine': (stack) => {
    const one = artifact('One')
    const machine = new sfn.StateMachine(stack, 'Machine', {
      definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'Go')),
    })
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.StepFunctionInvokeAction({
            actionName: 'Run',
            stateMachine: machine,
            executionNamePrefix: 'p',
            stateMachineInput: acts.StateMachineInput.literal({ go: true }),
            output: artifact('Told'),
          }),
        ],
      ),
    })
  },
  approval: (stack) => {
    const one = artifact('One')
    const topic = new sns.Topic(stack, 'Topic')
    const site = new s3.Bucket(stack, 'Site', keep)
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.ManualApprovalAction({
            actionName: 'Agree',
            runOrder: 1,
            notificationTopic: topic,
            additionalInformation: 'Look at it',
          }),
          new acts.S3DeployAction({ actionName: 'Copy', runOrder: 2, bucket: site, input: one }),
        ],
      ),
    })
  },
  commands: (stack) => {
    const one = artifact('One')
    new pipes.Pipeline(stack, 'Pipeline', {
      pipelineType: pipes.PipelineType.V2,
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CommandsAction({
            actionName: 'Run',
            commands: ['pwd'],
            input: one,
            output: pipes.Artifact.artifact('Made', ['app.txt']),
          }),
        ],
      ),
    })
  },
  'pipeline-invoke': (stack) => {
    const [one, two] = [artifact('One'), artifact('Two')]
    const site = new s3.Bucket(stack, 'Site', keep)
    const target = new pipes.Pipeline(stack, 'Target', {
      pipelineType: pipes.PipelineType.V2,
      stages: stages(
        [fromBucket(stack, one)],
        [new acts.S3DeployAction({ actionName: 'Copy', bucket: site, input: one })],
      ),
    })
    const repository = new commit.Repository(stack, 'Repository', { repositoryName: 'app' })
    new pipes.Pipeline(stack, 'Pipeline', {
      pipelineType: pipes.PipelineType.V2,
      stages: stages(
        [new acts.CodeCommitSourceAction({ actionName: 'Commits', repository, output: two })],
        [new acts.PipelineInvokeAction({ actionName: 'Start', targetPipeline: target })],
      ),
    })
  },
  'pipeline-role-for-actions': (stack) => {
    const one = artifact('One')
    const site = new s3.Bucket(stack, 'Site', keep)
    new pipes.Pipeline(stack, 'Pipeline', {
      usePipelineRoleForActions: true,
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.CodeBuildAction({
            actionName: 'Build',
            project: project(stack),
            input: one,
            outputs: [artifact('A')],
          }),
          new acts.S3DeployAction({ actionName: 'Copy', bucket: site, input: one }),
          new acts.LambdaInvokeAction({ actionName: 'Call', lambda: reporting(stack) }),
        ],
      ),
    })
  },
  'topic-on-events': (stack) => {
    const one = artifact('One')
    const topic = new sns.Topic(stack, 'Topic')
    const site = new s3.Bucket(stack, 'Site', keep)
    const pipeline = new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [new acts.S3DeployAction({ actionName: 'Copy', bucket: site, input: one })],
      ),
    })
    pipeline.onStateChange('Changes', {
      target: new targets.SnsTopic(topic),
      eventPattern: { detail: { state: ['FAILED'] } },
    })
    pipeline.notifyOnExecutionStateChange('Notices', topic)
  },
  'repository-of-another-account': (stack, app) => {
    const one = artifact('One')
    const theirs = new cdk.Stack(app, 'Theirs', { env: OTHER, synthesizer: new cdk.LegacyStackSynthesizer() })
    const repository = new commit.Repository(theirs, 'Repository', { repositoryName: 'app' })
    const site = new s3.Bucket(stack, 'Site', keep)
    new pipes.Pipeline(stack, 'Pipeline', {
      crossAccountKeys: true,
      stages: stages(
        [
          new acts.CodeCommitSourceAction({
            actionName: 'Commits',
            repository,
            output: one,
            trigger: acts.CodeCommitTrigger.POLL,
          }),
        ],
        [new acts.S3DeployAction({ actionName: 'Copy', bucket: site, input: one })],
      ),
    })
  },
  'bucket-of-another-account': (stack, app) => {
    const one = artifact('One')
    const theirs = new cdk.Stack(app, 'Theirs', { env: OTHER, synthesizer: new cdk.LegacyStackSynthesizer() })
    const site = new s3.Bucket(theirs, 'Site', { bucketName: 'site-of-theirs', ...keep })
    new pipes.Pipeline(stack, 'Pipeline', {
      crossAccountKeys: true,
      stages: stages(
        [fromBucket(stack, one)],
        [new acts.S3DeployAction({ actionName: 'Copy', bucket: site, input: one })],
      ),
    })
  },
  'function-of-another-account': (stack, app) => {
    const one = artifact('One')
    const theirs = new cdk.Stack(app, 'Theirs', { env: OTHER, synthesizer: new cdk.LegacyStackSynthesizer() })
    const theirFunction = new lambda.Function(theirs, 'Function', {
      functionName: 'report',
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => 1'),
    })
    new pipes.Pipeline(stack, 'Pipeline', {
      crossAccountKeys: true,
      stages: stages(
        [fromBucket(stack, one)],
        [new acts.LambdaInvokeAction({ actionName: 'Call', lambda: theirFunction, inputs: [one] })],
      ),
    })
  },
  'elastic-beanstalk': (stack) => {
    const one = artifact('One')
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.ElasticBeanstalkDeployAction({
            actionName: 'Deploy',
            applicationName: 'a',
            environmentName: 'e',
            input: one,
          }),
        ],
      ),
    })
  },
  'github-token': (stack) => {
    const one = artifact('One')
    const site = new s3.Bucket(stack, 'Site', keep)
    new pipes.Pipeline(stack, 'Pipeline', {
      stages: stages(
        [
          new acts.GitHubSourceAction({
            actionName: 'Hub',
            owner: 'acme',
            repo: 'app',
            oauthToken: cdk.SecretValue.unsafePlainText('token'),
            output: one,
            trigger: acts.GitHubTrigger.POLL,
          }),
        ],
        [new acts.S3DeployAction({ actionName: 'Copy', bucket: site, input: one })],
      ),
    })
  },
  'inspector-scan': (stack) => {
    const one = artifact('One')
    new pipes.Pipeline(stack, 'Pipeline', {
      pipelineType: pipes.PipelineType.V2,
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.InspectorSourceCodeScanAction({
            actionName: 'Scan',
            input: one,
            output: artifact('Scanned'),
          }),
        ],
      ),
    })
  },
  'image-build': (stack) => {
    const one = artifact('One')
    const repository = new ecr.Repository(stack, 'Images', { repositoryName: 'images' })
    new pipes.Pipeline(stack, 'Pipeline', {
      pipelineType: pipes.PipelineType.V2,
      stages: stages(
        [fromBucket(stack, one)],
        [
          new acts.EcrBuildAndPublishAction({
            actionName: 'Images',
            repositoryName: repository.repositoryName,
            registryType: acts.RegistryType.PRIVATE,
            input: one,
          }),
        ],
      ),
    })
  },
}

const context = {
  'aws:cdk:path-metadata': false,
  '@aws-cdk/aws-codepipeline:crossAccountKeysDefaultValueToFalse': true,
  '@aws-cdk/aws-codepipeline:defaultPipelineTypeToV2': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
}
const output = mkdtempSync(join(tmpdir(), 'cdk-'))
for (const [name, make] of Object.entries(apps)) {
  const app = new cdk.App({ analyticsReporting: false, outdir: join(output, name), context })
  make(new cdk.Stack(app, 'Hub', { env: HUB, synthesizer: new cdk.LegacyStackSynthesizer() }), app)
  rmSync(join(to, name), { recursive: true, force: true })
  mkdirSync(join(to, name), { recursive: true })
  for (const { stackName, template, environment } of app.synth().stacks) {
    const file = `${environment.account}.${environment.region}.${stackName}.json`
    writeFileSync(join(to, name, file), `${JSON.stringify(template, null, 1)}\n`)
  }
}
rmSync(output, { recursive: true })
