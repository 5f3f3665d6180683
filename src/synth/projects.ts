/** The CodeBuild projects of one pipeline: its builds, and the tests of its stages. */
import {
  expandText,
  expandValues,
  type Fleet,
  type FleetBuild,
  type FleetPipeline,
  type FleetPlace,
  type FleetStage,
  type TextScope,
} from '../fleet/index.ts'
import { type Arn, formatArn, type Target } from '../model/index.ts'
import { type ProjectSurroundings, parameterArn, secretArn } from '../pipeline/index.ts'
import { logicalId, type Names, type ProjectUse } from './names.ts'
import { type ProjectRepository, pullRequestRepository } from './pull-requests.ts'
import { pipelineScope, placeScope } from './scopes.ts'
import { updateBuild } from './update-project.ts'

export interface BuildProject {
  readonly name: string
  readonly logicalId: string
  readonly target: Target
  /** The place of a stage that it stands in; absent for one of the hub. */
  readonly place?: FleetPlace
  /** ARN of the role that its builds act as: its own. */
  readonly role: Arn
  /** ARN of the role that starts the builds of its batches. */
  readonly batchRole?: Arn
  /** The bucket of its cache, where that is in S3. */
  readonly cacheBucket?: string
  readonly build: FleetBuild
  readonly scope: TextScope
  /** Artifacts that it writes. */
  readonly outputs: readonly string[]
  /** Images that it may push. */
  readonly images: readonly string[]
  /** The repository that starts its builds; absent where a pipeline does. */
  readonly repository?: ProjectRepository
}

/** What tells the project of a test from others of the pipeline: its stage, and its number where the stage has several. */
export const testOf = ({ name }: FleetStage, index: number): string => (index ? `${name}-${index + 1}` : name)

/** Logical IDs of the roles of a project. */
export const roleIdOf = ({ logicalId: id }: BuildProject): string => `${id}Role`
export const batchRoleIdOf = ({ logicalId: id }: BuildProject): string => `${id}BatchRole`

interface Use {
  readonly use: ProjectUse
  /** Which of several. */
  readonly which?: string
  readonly scope: TextScope
  readonly place?: FleetPlace
  readonly outputs?: readonly string[]
  readonly images?: readonly string[]
  readonly batch?: boolean
}

/** Gives the projects of a pipeline, its builds first. */
export function projectsOf(fleet: Fleet, pipeline: FleetPipeline, names: Names): BuildProject[] {
  const project = (
    build: FleetBuild,
    { use, which, scope, place, outputs = [], images = [], batch = false }: Use,
  ): BuildProject => {
    const { account, region } = place ?? fleet.hub
    return {
      name: names.project(pipeline.id, use, which),
      logicalId: logicalId(use, which ?? ''),
      target: { account, region },
      ...(place && { place }),
      role: names.partRoleArn(account, pipeline.id, use, which),
      ...(batch && { batchRole: names.partRoleArn(account, pipeline.id, 'batch', which) }),
      ...(build.cache === 'bucket' && { cacheBucket: names.cacheBucket(pipeline.id, { account, region }) }),
      build,
      scope,
      outputs,
      images,
    }
  }
  const builds = pipeline.builds.map((build) =>
    project(build, {
      ...{ use: 'build', which: build.key, scope: pipelineScope(fleet, pipeline) },
      ...{ outputs: build.outputs, images: build.images, batch: build.batch },
    }),
  )
  const tests = pipeline.stages.flatMap((stage) =>
    stage.tests.flatMap((test, index) => {
      const isThere = test.runsIn === 'environment'
      return (isThere ? stage.places : stage.places.slice(0, 1)).map((place) =>
        project(test, {
          ...{ use: 'test', which: testOf(stage, index), scope: placeScope(fleet, pipeline, place) },
          ...(isThere && { place }),
        }),
      )
    }),
  )
  const repository = pullRequestRepository(fleet, pipeline)
  const requests = pipeline.pullRequests &&
    repository && {
      ...project(pipeline.pullRequests.build, {
        ...{ use: 'pull-requests' as const, scope: pipelineScope(fleet, pipeline) },
      }),
      repository,
    }
  const { id, selfUpdate } = pipeline
  const updates = selfUpdate
    ? [project(updateBuild(id, selfUpdate), { use: 'update', scope: pipelineScope(fleet, pipeline) })]
    : []
  return [...builds, ...tests, ...(requests ? [requests] : []), ...updates]
}

/** Gives what a pipeline's needs depend on of a project. */
export function surroundingsOf(project: BuildProject, names: Names): ProjectSurroundings {
  const { name, target, build, scope, place } = project
  const { account, region } = target
  return {
    name,
    account,
    region,
    serviceRole: project.role,
    ...(!place && !project.repository && { encryptionKey: names.key(region) }),
    logGroup: formatArn('logs', region, account, `log-group:/aws/codebuild/${name}`),
    reports: [],
    ...(project.batchRole && { batchRole: project.batchRole }),
    ...(project.cacheBucket && { cache: formatArn('s3', '', '', `${project.cacheBucket}/*`) }),
    ...(project.images.length && { repositories: project.images.map((one) => names.imageArn(one, target)) }),
    ...(build.vpc && { subnets: build.vpc.subnets.map((subnet) => expandText(subnet, scope)) }),
    parameters: Object.values(expandValues(build.parameters, scope)).map((one) => parameterArn(one, target)),
    secrets: Object.values(expandValues(build.secrets, scope)).map((one) => secretArn(one, target)),
  }
}
