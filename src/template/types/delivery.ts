/** What CloudFormation needs for CodeBuild, CodePipeline, CodeConnections and CodeDeploy resources. */
import { authorization, handlersPage, registry, type TypeTable } from './type-facts.ts'

const PROJECT = 'arn:aws:codebuild:{region}:{account}:project/{name}'
const REPORT_GROUP = 'arn:aws:codebuild:{region}:{account}:report-group/{name}'
const PIPELINE = 'arn:aws:codepipeline:{region}:{account}:{name}'
const ACTION_TYPE =
  'arn:aws:codepipeline:{region}:{account}:actiontype:Custom/{Category}/{Provider}/{Version}'
const WEBHOOK = 'arn:aws:codepipeline:{region}:{account}:webhook:{name}'
const CONNECTION = 'arn:aws:codestar-connections:{region}:{account}:connection/*'
const DEPLOYMENT_GROUP = 'arn:aws:codedeploy:{region}:{account}:deploymentgroup:*'

export const delivery: TypeTable = {
  'AWS::CodeBuild::Project': {
    ...authorization('awscodebuild'),
    name: { property: 'Name', longest: 150 },
    arn: PROJECT,
    passes: {
      ServiceRole: 'codebuild.amazonaws.com',
      'BuildBatchConfig.ServiceRole': 'codebuild.amazonaws.com',
      ResourceAccessRole: 'codebuild.amazonaws.com',
    },
    grants: [
      {
        // AWS: a project's tags are set with the project.
        on: PROJECT,
        create: ['codebuild:CreateProject'],
        read: ['codebuild:BatchGetProjects'],
        update: ['codebuild:UpdateProject'],
        delete: ['codebuild:DeleteProject'],
      },
      {
        on: PROJECT,
        when: ['Triggers'],
        create: ['codebuild:CreateWebhook'],
        update: ['codebuild:UpdateWebhook'],
        delete: ['codebuild:DeleteWebhook'],
      },
      { on: PROJECT, when: ['Visibility'], create: ['codebuild:UpdateProjectVisibility'] },
    ],
  },
  'AWS::CodeBuild::ReportGroup': {
    ...authorization('awscodebuild'),
    name: { property: 'Name', longest: 128 },
    arn: REPORT_GROUP,
    ref: REPORT_GROUP,
    grants: [
      {
        // AWS: a group's tags are set with the group.
        on: REPORT_GROUP,
        create: ['codebuild:CreateReportGroup'],
        read: ['codebuild:BatchGetReportGroups'],
        update: ['codebuild:UpdateReportGroup'],
        delete: ['codebuild:DeleteReportGroup'],
      },
    ],
  },
  'AWS::CodeBuild::SourceCredential': {
    ...authorization('awscodebuild'),
    arn: 'arn:aws:codebuild:{region}:{account}:token/{made-up}',
    ref: '{arn}',
    grants: [
      // AWS: actions on source credentials take no resource.
      {
        on: '*',
        create: ['codebuild:ImportSourceCredentials'],
        read: ['codebuild:ListSourceCredentials'],
        update: ['codebuild:ImportSourceCredentials'],
        delete: ['codebuild:DeleteSourceCredentials'],
      },
    ],
  },
  'AWS::CodePipeline::Pipeline': {
    ...handlersPage('codepipeline/pipelines', '120d3a8e6cfe'),
    name: { property: 'Name', longest: 100 },
    arn: PIPELINE,
    // AWS: lists and objects have to be given as JSON text.
    rules: [
      {
        needs: 'scalars',
        of: [],
        within: 'Stages[].Actions[].Configuration',
        message: 'Value of the configuration {member} must be a string',
      },
    ],
    replacedBy: ['Name'],
    systemTags: false,
    passes: {
      RoleArn: 'codepipeline.amazonaws.com',
      'Stages[].Actions[].RoleArn': 'codepipeline.amazonaws.com',
    },
    looksAtRoles: true,
    grants: [
      {
        on: PIPELINE,
        create: ['codepipeline:CreatePipeline'],
        read: ['codepipeline:GetPipeline', 'codepipeline:GetPipelineState'],
        update: ['codepipeline:UpdatePipeline'],
        delete: ['codepipeline:DeletePipeline'],
        tag: ['codepipeline:ListTagsForResource', 'codepipeline:TagResource', 'codepipeline:UntagResource'],
      },
      {
        on: PIPELINE,
        when: ['RestartExecutionOnUpdate'],
        update: ['codepipeline:StartPipelineExecution'],
      },
      {
        on: `${PIPELINE}/*`,
        when: ['DisableInboundStageTransitions'],
        create: ['codepipeline:DisableStageTransition'],
        update: ['codepipeline:EnableStageTransition'],
      },
      // AWS: who makes a pipeline with a connection as its source must be allowed to pass the connection on.
      {
        on: CONNECTION,
        when: ['Stages[].Actions[].Configuration.ConnectionArn'],
        create: ['codestar-connections:PassConnection'],
      },
      {
        on: CONNECTION.replace('codestar-connections', 'codeconnections'),
        when: ['Stages[].Actions[].Configuration.ConnectionArn'],
        create: ['codeconnections:PassConnection'],
        undeclared: 'connections made since 2024 have ARNs and actions of the service’s new name',
      },
    ],
  },
  'AWS::CodePipeline::CustomActionType': {
    ...registry('AWS::CodePipeline::CustomActionType', '17466f057e01'),
    arn: ACTION_TYPE,
    ref: '{Category}|{Provider}|{Version}',
    grants: [
      {
        on: ACTION_TYPE,
        create: ['codepipeline:CreateCustomActionType'],
        delete: ['codepipeline:DeleteCustomActionType'],
        tag: ['codepipeline:ListTagsForResource', 'codepipeline:TagResource', 'codepipeline:UntagResource'],
      },
      // AWS: listing is authorized on no resource.
      { on: '*', read: ['codepipeline:ListActionTypes'] },
    ],
  },
  'AWS::CodePipeline::Webhook': {
    ...registry('AWS::CodePipeline::Webhook', '17466f057e01'),
    name: { property: 'Name', longest: 100 },
    arn: WEBHOOK,
    ref: '{name}',
    attributes: { Id: '{name}' },
    grants: [
      {
        on: WEBHOOK,
        create: ['codepipeline:PutWebhook'],
        delete: ['codepipeline:DeleteWebhook'],
        tag: ['codepipeline:TagResource', 'codepipeline:UntagResource'],
      },
      // AWS: a webhook is put on its pipeline as well, and they are listed all together.
      { on: 'arn:aws:codepipeline:{region}:{account}:{TargetPipeline}', create: ['codepipeline:PutWebhook'] },
      { on: 'arn:aws:codepipeline:{region}:{account}:webhook:*', read: ['codepipeline:ListWebhooks'] },
      {
        on: WEBHOOK,
        when: ['RegisterWithThirdParty'],
        create: ['codepipeline:RegisterWebhookWithThirdParty'],
        delete: ['codepipeline:DeregisterWebhookWithThirdParty'],
      },
    ],
  },
  'AWS::CodeStarConnections::Connection': {
    ...registry('AWS::CodeStarConnections::Connection', '092bd0b5368f'),
    name: { made: 'by-aws' },
    arn: 'arn:aws:codestar-connections:{region}:{account}:connection/{name}',
    ref: '{arn}',
    attributes: { ConnectionArn: '{arn}' },
    replacedBy: ['ConnectionName', 'ProviderType', 'HostArn'],
    grants: [
      // AWS: creation is authorized on no resource ("Actions defined by AWS CodeConnections"), and a connection's id is made up.
      { on: '*', create: ['codestar-connections:CreateConnection'] },
      {
        on: CONNECTION,
        read: ['codestar-connections:GetConnection'],
        delete: ['codestar-connections:DeleteConnection'],
        tag: [
          'codestar-connections:ListTagsForResource',
          'codestar-connections:TagResource',
          'codestar-connections:UntagResource',
        ],
      },
    ],
  },
  'AWS::CodeDeploy::Application': {
    ...registry('AWS::CodeDeploy::Application', '06e19a048764'),
    name: { property: 'ApplicationName', longest: 100 },
    arn: 'arn:aws:codedeploy:{region}:{account}:application:{name}',
    systemTags: false,
    grants: [
      {
        on: 'arn:aws:codedeploy:{region}:{account}:application:{name}',
        create: ['codedeploy:CreateApplication'],
        read: ['codedeploy:GetApplication'],
        delete: ['codedeploy:DeleteApplication'],
        tag: ['codedeploy:ListTagsForResource', 'codedeploy:TagResource', 'codedeploy:UntagResource'],
      },
    ],
  },
  'AWS::CodeDeploy::DeploymentConfig': {
    ...registry('AWS::CodeDeploy::DeploymentConfig', '12b94f75e606'),
    name: { property: 'DeploymentConfigName', longest: 100 },
    arn: 'arn:aws:codedeploy:{region}:{account}:deploymentconfig:{name}',
    systemTags: false,
    grants: [
      {
        on: 'arn:aws:codedeploy:{region}:{account}:deploymentconfig:{name}',
        create: ['codedeploy:CreateDeploymentConfig'],
        read: ['codedeploy:GetDeploymentConfig'],
        delete: ['codedeploy:DeleteDeploymentConfig'],
      },
    ],
  },
  'AWS::CodeDeploy::DeploymentGroup': {
    ...authorization('awscodedeploy'),
    name: { property: 'DeploymentGroupName', longest: 100 },
    systemTags: false,
    passes: { ServiceRoleArn: 'codedeploy.amazonaws.com' },
    grants: [
      {
        on: DEPLOYMENT_GROUP,
        create: ['codedeploy:CreateDeploymentGroup'],
        read: ['codedeploy:GetDeploymentGroup'],
        update: ['codedeploy:UpdateDeploymentGroup'],
        delete: ['codedeploy:DeleteDeploymentGroup'],
        tag: ['codedeploy:ListTagsForResource', 'codedeploy:TagResource', 'codedeploy:UntagResource'],
      },
      // AWS: an alias that moves by a deployment group is moved by a deployment that CloudFormation starts and watches.
      { on: DEPLOYMENT_GROUP, update: ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'] },
      // AWS: stopping a deployment is authorized on no resource.
      { on: '*', update: ['codedeploy:StopDeployment'] },
      {
        on: 'arn:aws:codedeploy:{region}:{account}:deploymentconfig:*',
        update: ['codedeploy:GetDeploymentConfig'],
      },
      {
        on: 'arn:aws:codedeploy:{region}:{account}:application:*',
        update: ['codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'],
      },
    ],
  },
}
