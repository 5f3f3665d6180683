/** What the role of a build project needs for what the project is set to do, whoever starts its builds. */
import { formatArn, type Need } from '../model/index.ts'
import { reportNeeds as groupNeeds, reportGroupName } from './build-reports.ts'
import { IMAGE_PULL, imagePushNeeds } from './image-needs.ts'
import { isRepository } from './project-source.ts'
import { projectSourceNeeds } from './project-source-needs.ts'
import { needAll, optionally } from './provider.ts'
import type { ProjectSurroundings } from './surroundings.ts'

/** AWS: CodeBuild User Guide, "Allow CodeBuild access to services required to create a VPC network interface". */
const IN_VPC = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
]
/** AWS: "Test report permissions". */
const REPORTS = [
  'codebuild:CreateReportGroup',
  'codebuild:CreateReport',
  'codebuild:UpdateReport',
  'codebuild:BatchPutTestCases',
  'codebuild:BatchPutCodeCoverages',
]

/** AWS: CodeBuild assumes the role for the project, which its trust policy may ask for. */
export const runNeed = (serviceRole: string, projectArn: string, account: string): Need => ({
  principal: 'codebuild.amazonaws.com',
  action: 'sts:AssumeRole',
  resource: serviceRole,
  context: { 'aws:SourceArn': projectArn, 'aws:SourceAccount': account },
  because: 'to run builds under the project’s role',
})

/**
 * Gives what a project with repositories of its own needs for builds that no pipeline starts; nothing for others, which
 * get their source from a pipeline, or have none.
 */
export function ownProjectNeeds(project: ProjectSurroundings & { readonly arn: string }): Need[] {
  const { serviceRole, sources = [], arn, account } = project
  if (!sources.some(isRepository)) return []
  return [
    runNeed(serviceRole, arn, account),
    ...projectNeeds(project),
    ...groupNeeds(serviceRole, project.reports ?? []),
    ...sources.flatMap((source) => projectSourceNeeds(serviceRole, source, project)),
    ...batchNeeds(project, arn),
    ...(project.outputs ?? []).flatMap((one) =>
      needAll(serviceRole, ['s3:PutObject'], one, 'to store the build’s artifacts'),
    ),
  ]
}

/** Gives the needs of the project's role, and of those who work for it. */
export const projectNeeds = (project: ProjectSurroundings): Need[] => [
  ...logNeeds(project),
  ...vpcNeeds(project),
  ...cacheNeeds(project),
  ...imageNeeds(project),
  // What the commands make of the address that they are told, nobody can tell.
  ...optionally(imagePushNeeds(project.serviceRole, project.repositories ?? [])),
  ...reportNeeds(project),
  ...secretNeeds(project),
  ...(project.buildspec
    ? needAll(project.serviceRole, ['s3:GetObject'], project.buildspec, 'to read the buildspec')
    : []),
]

/**
 * AWS: a role of its own starts the builds of a batch ("Batch build service role"); it stops and repeats them when
 * asked. CDK grants all three (Project.enableBatchBuilds).
 */
export function batchNeeds({ batchRole, account }: ProjectSurroundings, projectArn: string): Need[] {
  if (!batchRole) return []
  const because = 'to start the builds of the batch'
  return [
    ...needAll('codebuild.amazonaws.com', ['sts:AssumeRole'], batchRole, because, {
      'aws:SourceArn': projectArn,
      'aws:SourceAccount': account,
    }),
    ...needAll(batchRole, ['codebuild:StartBuild'], projectArn, because),
    ...optionally(needAll(batchRole, ['codebuild:StopBuild', 'codebuild:RetryBuild'], projectArn, because)),
  ]
}

/**
 * AWS: creating a group is authorized on its ARN with `:log-stream:` behind it; a group that is there need not be made.
 * Nothing is written where CloudWatch Logs are DISABLED.
 */
function logNeeds({ serviceRole, logGroup, logGroupStands, s3Logs }: ProjectSurroundings): Need[] {
  const because = 'to write the build’s log'
  const streams = `${logGroup}:log-stream:*`
  const makes = needAll(serviceRole, ['logs:CreateLogGroup'], streams, because)
  const inCloudWatch = [
    ...(logGroupStands ? optionally(makes) : makes),
    ...needAll(serviceRole, ['logs:CreateLogStream', 'logs:PutLogEvents'], streams, because),
  ]
  return [
    ...(logGroup ? inCloudWatch : []),
    ...(s3Logs ? needAll(serviceRole, ['s3:PutObject'], s3Logs, because) : []),
  ]
}

/** AWS: the permission for the interface is asked for by subnet, for CodeBuild. */
export function vpcNeeds({
  serviceRole,
  subnets,
  account,
  region,
}: Pick<ProjectSurroundings, 'serviceRole' | 'subnets' | 'account' | 'region'>): Need[] {
  if (!subnets) return []
  const because = 'to run builds in a VPC'
  const interfaces = formatArn('ec2', region, account, 'network-interface/*')
  return [
    ...needAll(serviceRole, IN_VPC, '*', because),
    ...subnets.flatMap((subnet) =>
      needAll(serviceRole, ['ec2:CreateNetworkInterfacePermission'], interfaces, because, {
        'ec2:AuthorizedService': 'codebuild.amazonaws.com',
        'ec2:Subnet': formatArn('ec2', region, account, `subnet/${subnet}`),
      }),
    ),
  ]
}

/** AWS: a cache that cannot be brought in or kept is told in the build's log and fails no build. */
function cacheNeeds({ serviceRole, cache }: ProjectSurroundings): Need[] {
  if (!cache) return []
  const because = 'to keep the project’s cache'
  const bucket = cache.split('/')[0]!
  return optionally([
    ...needAll(serviceRole, ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], cache, because),
    ...needAll(serviceRole, ['s3:ListBucket', 's3:GetBucketLocation', 's3:GetBucketAcl'], bucket, because),
  ])
}

/** AWS: an image of ECR is pulled as the project's role, or as CodeBuild, whom the repository's policy then lets in. */
function imageNeeds({ serviceRole, image, account, arn }: ProjectSurroundings): Need[] {
  if (!image) return []
  const because = 'to pull the image of the builds'
  if (image.pulledBy === 'service')
    return needAll('codebuild.amazonaws.com', IMAGE_PULL, image.repository, because, {
      ...(arn && { 'aws:SourceArn': arn }),
      'aws:SourceAccount': account,
    })
  return [
    ...needAll(serviceRole, ['ecr:GetAuthorizationToken'], '*', because),
    ...needAll(serviceRole, IMAGE_PULL, image.repository, because),
  ]
}

/** AWS: CDK lets every project report into groups of its own name; what a buildspec in the source reports nobody knows. */
function reportNeeds({ serviceRole, reports, name, account, region }: ProjectSurroundings): Need[] {
  if (reports) return []
  const groups = formatArn('codebuild', region, account, `report-group/${reportGroupName(name, '*')}`)
  return optionally(needAll(serviceRole, REPORTS, groups, 'to report what the build’s tests found'))
}

function secretNeeds({
  serviceRole,
  parameters = [],
  secrets = [],
  registryCredential,
}: ProjectSurroundings): Need[] {
  const because = 'to put a secret value into the build’s environment'
  const [parameter, secret] = ['ssm:GetParameters', 'secretsmanager:GetSecretValue']
  return [
    ...parameters.flatMap((one) => needAll(serviceRole, [parameter], one, because)),
    ...secrets.flatMap((one) => needAll(serviceRole, [secret], one, because)),
    ...(registryCredential
      ? needAll(serviceRole, [secret], registryCredential, 'to sign in to the registry of the image')
      : []),
  ]
}
