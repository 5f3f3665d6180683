/** Stack of a pipeline in the hub: its bucket, its roles, its builds, its approvals, and the pipeline itself. */
import type { ConnectionProvider, Fleet, FleetPipeline } from '../fleet/index.ts'
import type {
  ApplicationStackNeeds,
  AssemblyStack,
  OthersNeeds,
  StackOutputReference,
  TemplateParameter,
  TemplateResource,
  Val,
} from '../model/index.ts'
import { approvalResources, ownTopics } from './approvals.ts'
import type { DeclaredPipeline } from './declare-pipeline.ts'
import { connectionPattern } from './declare-sources.ts'
import { dropRoles } from './drops.ts'
import { connectionId, KEY_OUTPUT } from './hub-stack.ts'
import { imageId } from './images.ts'
import { logicalId, type Names } from './names.ts'
import type { NeedsIndex } from './needs-index.ts'
import { noticeResources } from './notices.ts'
import { needsObserver, OBSERVER_ID, observerFunction } from './observer.ts'
import { pipelineResource } from './pipeline-resource.ts'
import { cacheResources, projectResource, projectRoles } from './project-resources.ts'
import { type BuildProject, batchRoleIdOf, roleIdOf } from './projects.ts'
import { roleFromNeeds, roleOfAnySize } from './roles.ts'
import type { UpdateParts } from './self-update.ts'
import { busPolicies } from './source-stack.ts'
import { template } from './stack.ts'
import { ruleResources, startRules } from './starts.ts'
import { storeResources } from './store.ts'

export interface PipelineParts {
  readonly pipeline: FleetPipeline
  readonly declared: DeclaredPipeline
  readonly projects: readonly BuildProject[]
  readonly needs: NeedsIndex
  /** Those of `needs` that come from the application's own templates. */
  readonly applications: readonly ApplicationStackNeeds[]
  readonly others: readonly OthersNeeds[]
  /** Present where the pipeline follows its file. */
  readonly update?: UpdateParts
}

/** Gives the stack. The ids that AWS made up in the first wave come in as parameters. */
export function pipelineStack(fleet: Fleet, names: Names, parts: PipelineParts): AssemblyStack {
  const { pipeline, declared } = parts
  const inputs = [...firstWaveInputs(fleet, names, declared), ...imageInputs(fleet, names, parts)]
  const known = new Map<string, unknown>(inputs.map(({ parameter, stands }) => [stands, { Ref: parameter }]))
  const beside: Resources = {
    ...storePart(fleet, names, parts),
    ...rolePart(fleet, names, parts, known),
    ...projectPart(fleet, names, parts, known),
    ...approvalResources(fleet, pipeline, names),
    ...observerPart(fleet, names, parts),
  }
  const drops = dropRoles(fleet, pipeline, declared.sources, names, parts.needs)
  const own = ownNames(fleet, names, parts)
  const title = `pipeline ${pipeline.id}`
  return {
    name: names.pipelineStack(pipeline.id),
    target: { account: fleet.hub.account, region: fleet.hub.region },
    environment: 'hub',
    title,
    template: template(
      `Crossdock fleet ${fleet.name}: ${title}`,
      {
        ...beside,
        Pipeline: pipelineResource(
          declared.declaration,
          new Map([...known, ...own]),
          beside.ArtifactBucketPolicy ? ['ArtifactBucketPolicy'] : [],
          pipeline.selfUpdate !== undefined,
        ),
        ...startPart(fleet, names, parts),
        ...noticeResources(names, pipeline, declared.declaration.name),
        ...busPolicies(fleet, pipeline, declared.sources, names),
        ...drops.resources,
      },
      {
        parameters: Object.fromEntries(inputs.map(({ parameter, details }) => [parameter, details])),
        ...(Object.keys(drops.outputs).length && { outputs: drops.outputs }),
      },
    ),
    capabilities: ['CAPABILITY_NAMED_IAM'],
    tags: fleet.tags,
    parametersFrom: Object.fromEntries(inputs.map(({ parameter, from }) => [parameter, from])),
  }
}

interface FirstWaveInput {
  readonly parameter: string
  readonly details: TemplateParameter
  /** The pattern that stands for it in declaration and needs. */
  readonly stands: string
  readonly from: StackOutputReference
}

const keyParameter = (region: string): string => logicalId('Key', region)

/** The key of a region in this stack: a parameter, or an existing key's ARN. */
const keyIn = (names: Names, region: string): Val<string> =>
  names.existingKey(region) ?? { Ref: keyParameter(region) }

function firstWaveInputs(
  fleet: Fleet,
  names: Names,
  { regions, sources }: DeclaredPipeline,
): FirstWaveInput[] {
  const { account, region: home } = fleet.hub
  const made = regions.filter((region) => names.existingKey(region) === undefined)
  const keys = made.map((region) => ({
    parameter: keyParameter(region),
    details: { Type: 'String', Description: `ARN of the key in ${region}` },
    stands: names.key(region),
    from: {
      stack: names.fleetStack(region === home ? 'hub' : 'key'),
      target: { account, region },
      output: KEY_OUTPUT,
    },
  }))
  const providers = [...new Set(sources.flatMap(({ connection }) => connection ?? []))]
  return [
    ...keys,
    ...providers.map((provider) => ({
      parameter: providers.length > 1 ? connectionId(provider) : 'Connection',
      ...connectionInput(fleet, names, provider),
    })),
  ]
}

function connectionInput(
  fleet: Fleet,
  names: Names,
  provider: ConnectionProvider,
): Omit<FirstWaveInput, 'parameter'> {
  const { account, region } = fleet.hub
  return {
    details: { Type: 'String', Description: `ARN of the connection to ${provider}` },
    stands: connectionPattern(fleet.hub, provider),
    from: { stack: names.fleetStack('hub'), target: { account, region }, output: connectionId(provider) },
  }
}

/** The addresses of the images that the pipeline's builds may push. */
function imageInputs({ hub }: Fleet, names: Names, { projects }: PipelineParts): FirstWaveInput[] {
  const pushed = [...new Set(projects.flatMap(({ images }) => images))]
  const { account, region } = hub
  return pushed.map((image) => ({
    parameter: imageId(image),
    details: { Type: 'String', Description: `Address of the image ${image}` },
    stands: `\${images.${image}}`,
    from: { stack: names.fleetStack('hub'), target: { account, region }, output: imageId(image) },
  }))
}

type Resources = Record<string, TemplateResource>

function storePart(fleet: Fleet, names: Names, { pipeline, needs }: PipelineParts): Resources {
  const { region } = fleet.hub
  if (names.existingBucket(region) !== undefined) return {}
  return storeResources({
    bucket: names.bucket(pipeline.id, region),
    key: keyIn(names, region),
    keyKnown: true,
    keepArtifacts: fleet.keepArtifacts,
    needs,
  })
}

function rolePart(
  { hub, iam }: Fleet,
  names: Names,
  { pipeline, projects, needs, update }: PipelineParts,
  known: ReadonlyMap<string, unknown>,
): Resources {
  const details = { iam, known }
  return {
    // It names a role in each account that the pipeline deploys to.
    ...(names.existingRole(hub.account, pipeline.id, 'pipeline') === undefined &&
      roleOfAnySize('PipelineRole', names.roleArn(hub.account, pipeline.id, 'pipeline'), needs, {
        description: `What the pipeline ${pipeline.id} acts as`,
        ...details,
      })),
    ...projectRoles(projects.filter(isHere), needs, {
      ...details,
      existing: names.existingRole(hub.account, pipeline.id, 'build'),
      further: update?.statements,
    }),
  }
}

/** Whether a project stands in the hub, and not in an environment. */
const isHere = ({ place }: BuildProject): boolean => place === undefined

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })

const projectPart = (
  fleet: Fleet,
  names: Names,
  { pipeline, projects, declared }: PipelineParts,
  known: ReadonlyMap<string, unknown>,
): Resources => ({
  ...cacheResources(projects.filter(isHere)),
  ...Object.fromEntries(
    projects.filter(isHere).map((project) => [
      project.logicalId,
      projectResource(project, {
        role: names.existingRole(fleet.hub.account, pipeline.id, 'build') ?? arnOf(roleIdOf(project)),
        ...(project.batchRole && { batchRole: arnOf(batchRoleIdOf(project)) }),
        ...(project.repository
          ? { connection: (known.get(project.repository.connection) as Val<string>) ?? undefined }
          : { key: keyIn(names, declared.regions[0]!) }),
        images: new Map(project.images.map((one) => [one, { Ref: imageId(one) }])),
      }),
    ]),
  ),
})

function observerPart({ hub, iam }: Fleet, names: Names, { pipeline, needs }: PipelineParts): Resources {
  if (!needsObserver(pipeline)) return {}
  return {
    ...roleOfAnySize('ObserverRole', names.roleArn(hub.account, pipeline.id, 'observer'), needs, {
      description: `What the observer of the pipeline ${pipeline.id} acts as`,
      iam,
    }),
    [OBSERVER_ID]: observerFunction(pipeline, names, { 'Fn::GetAtt': ['ObserverRole', 'Arn'] }),
  }
}

/** What the declaration names and this stack makes: a reference instead of the name gives the order of creation. */
function ownNames(fleet: Fleet, names: Names, { pipeline, projects }: PipelineParts): [string, unknown][] {
  const { hub } = fleet
  return [
    ...(names.existingRole(hub.account, pipeline.id, 'pipeline') === undefined
      ? [
          [
            names.roleArn(hub.account, pipeline.id, 'pipeline'),
            { 'Fn::GetAtt': ['PipelineRole', 'Arn'] },
          ] satisfies [string, unknown],
        ]
      : []),
    ...(names.existingBucket(hub.region) === undefined
      ? [[names.bucket(pipeline.id, hub.region), { Ref: 'ArtifactBucket' }] satisfies [string, unknown]]
      : []),
    ...projects
      .filter(isHere)
      .map((project): [string, unknown] => [project.name, { Ref: project.logicalId }]),
    ...ownTopics(fleet, pipeline, names),
    ...(needsObserver(pipeline)
      ? [[names.observer(pipeline.id), { Ref: OBSERVER_ID }] as [string, unknown]]
      : []),
  ]
}

/** Events that start the pipeline, where its source does not do so itself. */
function startPart(fleet: Fleet, names: Names, { pipeline, declared, needs }: PipelineParts): Resources {
  const rules = startRules(fleet, pipeline, declared.sources, names)
  if (!rules.length) return {}
  return {
    EventsRole: roleFromNeeds(names.roleArn(fleet.hub.account, pipeline.id, 'events'), needs, {
      description: `What EventBridge starts the pipeline ${pipeline.id} as`,
      iam: fleet.iam,
    }),
    ...ruleResources(rules),
  }
}
