/** The resources of CodeBuild projects: each with its roles, and the bucket of their caches. */
import { stringify } from 'yaml'
import { expandText, expandValues, isByName, type PermissionFile } from '../fleet/index.ts'
import type { Arn, PolicyStatement, TemplateResource, Val } from '../model/index.ts'
import { imageVariables } from './images.ts'
import type { NeedsIndex } from './needs-index.ts'
import { policy } from './policy-parts.ts'
import { denyWithoutTls, PRIVATE_BUCKET } from './private-bucket.ts'
import { type BuildProject, batchRoleIdOf, roleIdOf } from './projects.ts'
import { resource } from './resource.ts'
import { type RoleDetails, roleFromNeeds, roleOfAnySize } from './roles.ts'

type Resources = Record<string, TemplateResource>

/** Gives the roles of projects, save one that exists; those of one account have one, wherever their builds run. */
export const projectRoles = (
  projects: readonly BuildProject[],
  needs: NeedsIndex,
  {
    existing,
    further,
    ...details
  }: Pick<RoleDetails, 'iam' | 'known' | 'narrow'> & {
    readonly existing?: Arn
    /** Statements that roles get besides, by role: as many as there are. */
    readonly further?: ReadonlyMap<Arn, readonly PolicyStatement[]>
  },
): Resources =>
  Object.fromEntries(
    projects.flatMap((project) => [
      ...(project.role === existing
        ? []
        : Object.entries(
            projectRole(project, needs, {
              description: `What the builds of ${project.name} act as`,
              ...details,
              ...ownPermissions(project.build.permissions),
              ...(further?.has(project.role) && { statements: further.get(project.role)! }),
            }),
          )),
      ...(project.batchRole
        ? [
            [
              batchRoleIdOf(project),
              roleFromNeeds(project.batchRole, needs, {
                description: `What starts the builds of the batches of ${project.name}`,
                ...details,
              }),
            ],
          ]
        : []),
    ]),
  )

const projectRole = (project: BuildProject, needs: NeedsIndex, details: RoleDetails): Resources =>
  roleOfAnySize(roleIdOf(project), project.role, needs, details)

function ownPermissions(permissions: readonly PermissionFile[]): {
  managedPolicies: readonly string[]
  statements: readonly PolicyStatement[]
} {
  return {
    managedPolicies: permissions.filter((one) => typeof one === 'string'),
    statements: permissions.filter((one) => typeof one !== 'string'),
  }
}

/** Days that a cache is kept which no build has written anew. */
const CACHE_DAYS = 30

/** Gives the bucket of the caches of projects that stand together; none where none has its cache in S3. */
export function cacheResources(projects: readonly BuildProject[]): Resources {
  const bucket = projects.find(({ cacheBucket }) => cacheBucket)?.cacheBucket
  if (!bucket) return {}
  return {
    CacheBucket: resource('AWS::S3::Bucket', {
      BucketName: bucket,
      LifecycleConfiguration: {
        Rules: [{ Id: 'forget-caches', Status: 'Enabled', ExpirationInDays: CACHE_DAYS }],
      },
      ...PRIVATE_BUCKET,
    }),
    CacheBucketPolicy: resource('AWS::S3::BucketPolicy', {
      Bucket: { Ref: 'CacheBucket' },
      PolicyDocument: policy([denyWithoutTls(bucket)]),
    }),
  }
}

/** What a project is made with. */
export interface ProjectDetails {
  readonly role: Val<string>
  readonly batchRole?: Val<string>
  /** AWS: outputs are encrypted with the project's own key, not with the pipeline's. Absent for one without outputs. */
  readonly key?: Val<string>
  /** The addresses of the images that it may push, by image. */
  readonly images?: ReadonlyMap<string, Val<string>>
  /** The connection of its repository, where it has one. */
  readonly connection?: Val<string>
}

/** Gives the CodeBuild project. */
export function projectResource(project: BuildProject, details: ProjectDetails): TemplateResource {
  const { build, scope } = project
  const variables = (values: Readonly<Record<string, string>>, Type: string) =>
    Object.entries(expandValues(values, scope)).map(([Name, Value]) => ({ Name, Type, Value }))
  const environment = [
    ...variables(build.environment, 'PLAINTEXT'),
    ...variables(build.parameters, 'PARAMETER_STORE'),
    ...variables(build.secrets, 'SECRETS_MANAGER'),
    ...imageVariables(project.images, details.images),
  ]
  return resource('AWS::CodeBuild::Project', {
    Name: project.name,
    ServiceRole: details.role,
    ...sourceOf(project, details),
    Environment: {
      Type: build.image.includes('aarch64') ? 'ARM_CONTAINER' : 'LINUX_CONTAINER',
      Image: build.image,
      ComputeType: build.compute,
      ...(build.privileged && { PrivilegedMode: true }),
      ...(environment.length && { EnvironmentVariables: environment }),
    },
    ...(details.key && { EncryptionKey: details.key }),
    ...networkOf(project),
    ...cacheOf(project),
    ...(details.batchRole && { BuildBatchConfig: { ServiceRole: details.batchRole } }),
    TimeoutInMinutes: build.timeout,
  })
}

/** What starts its builds and takes what they make: a pipeline, or a repository's webhook and nobody. */
function sourceOf(project: BuildProject, { connection }: ProjectDetails) {
  const BuildSpec = buildspec(project)
  const { repository } = project
  if (!repository) return { Source: { Type: 'CODEPIPELINE', BuildSpec }, Artifacts: { Type: 'CODEPIPELINE' } }
  return {
    Source: {
      Type: repository.type,
      Location: repository.location,
      BuildSpec,
      Auth: { Type: 'CODECONNECTIONS', Resource: connection ?? repository.connection },
      ReportBuildStatus: true,
    },
    Artifacts: { Type: 'NO_ARTIFACTS' },
    Triggers: {
      Webhook: true,
      BuildType: 'BUILD',
      FilterGroups: [repository.filters],
      PullRequestBuildPolicy: { RequiresCommentApproval: 'FORK_PULL_REQUESTS' },
    },
  }
}

function networkOf({ build: { vpc }, scope }: BuildProject) {
  if (!vpc) return {}
  const expand = (texts: readonly string[]) => texts.map((text) => expandText(text, scope))
  return {
    VpcConfig: {
      VpcId: expandText(vpc.id, scope),
      Subnets: expand(vpc.subnets),
      SecurityGroupIds: expand(vpc.securityGroups),
    },
  }
}

/** AWS: layers of images are kept on a host for builds that run Docker; a source from a pipeline is not kept. */
function cacheOf({ build: { cache, privileged }, cacheBucket }: BuildProject) {
  if (cacheBucket) return { Cache: { Type: 'S3', Location: cacheBucket } }
  if (cache !== 'host') return {}
  const Modes = ['LOCAL_CUSTOM_CACHE', ...(privileged ? ['LOCAL_DOCKER_LAYER_CACHE'] : [])]
  return { Cache: { Type: 'LOCAL', Modes } }
}

/** The buildspec's path in the source, or the commands of the fleet file as a buildspec. */
function buildspec({ build, scope, outputs }: BuildProject): string {
  if (!build.commands) return expandText(build.buildspec!, scope)
  return stringify({
    version: 0.2,
    phases: {
      ...(build.runtimes && { install: { 'runtime-versions': build.runtimes } }),
      build: { commands: build.commands.map((command) => expandText(command, scope)) },
    },
    ...(outputs.length && { artifacts: artifactsIn(build.artifacts ?? { files: ['**/*'] }, outputs) }),
  })
}

/** AWS: `files` must stand there also where every artifact is a secondary one. */
function artifactsIn(described: NonNullable<BuildProject['build']['artifacts']>, outputs: readonly string[]) {
  if (!isByName(described)) return described
  const [first = ''] = outputs
  return outputs.length > 1
    ? { files: described[first]!.files, 'secondary-artifacts': described }
    : described[first]!
}
