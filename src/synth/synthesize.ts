/** Fleet → Assembly. */
import { isDeepStrictEqual } from 'node:util'
import { type Fleet, FleetErrors, type FleetPipeline, type FleetPlace } from '../fleet/index.ts'
import {
  type Arn,
  type Assembly,
  type AssemblyPipeline,
  type AssemblyStack,
  FLEET_TAG,
  FleetError,
  type PipelineDeclaration,
} from '../model/index.ts'
import { pipelineNeeds, type Surroundings, validateDeclaration } from '../pipeline/index.ts'
import { accessStack } from './access-stack.ts'
import { Applications } from './application.ts'
import { approvalNeeds } from './approvals.ts'
import { buildOutputWarnings } from './build-outputs.ts'
import { collisions, sharedStacks } from './collisions.ts'
import { declarePipeline } from './declare-pipeline.ts'
import type { CapabilitiesOf } from './declaring.ts'
import { configurationNeeds, configurationsOf, handedOn, withNamedRoles } from './deploy-facts.ts'
import { dropNeeds, writerNeeds } from './drops.ts'
import { existingProblems } from './existing.ts'
import { roleUses } from './existing-roles.ts'
import { fleetStack } from './hub-stack.ts'
import { imagePullNeeds, pullersOf } from './images.ts'
import { Names } from './names.ts'
import { NeedsIndex } from './needs-index.ts'
import { observerNeeds } from './observer.ts'
import { checkOutputs } from './output-faults.ts'
import { parameterStacks } from './parameters.ts'
import { type PipelineParts, pipelineStack } from './pipeline-stack.ts'
import { type BuildProject, projectsOf, surroundingsOf } from './projects.ts'
import { protectionFunctions, protectionNeeds } from './protection.ts'
import { webhookWarnings } from './pull-requests.ts'
import { repositoryNeeds } from './pull-requests-needs.ts'
import { mirrorNeeds } from './repositories.ts'
import { assumeNeeds, type UpdateParts, type Updates, updatesOf } from './self-update.ts'
import { forwardNeeds, sourceStacks } from './source-stack.ts'
import { largeStages, splitWaves } from './split-waves.ts'
import { stackSetErrors, targetPlaces } from './stack-sets.ts'
import { startNeeds, startRules } from './starts.ts'
import { storeStack } from './store-stack.ts'
import { needsTemplateBucket } from './template-bucket.ts'
import { testsStacks } from './tests-stack.ts'

/**
 * Gives the stacks of a fleet in two waves: first keys, stores and roles everywhere at once, then pipelines and tests.
 * AWS: CreatePipeline checks that the pipeline can assume the role of every action, so those come first.
 * Throws: FleetErrors with everything in the fleet that AWS would not take.
 */
export function synthesize(fleet: Fleet): Assembly {
  let updates: Updates = firstUpdates(fleet)
  let assembly = assemble(fleet, updates)
  // What an update must be allowed follows from the stacks, which hold what it is allowed: a long policy makes one more resource.
  for (let attempt = 0; updates.size && attempt < MOST_ATTEMPTS; attempt++) {
    const next = updatesOf(fleet, assembly)
    if (isDeepStrictEqual(next, updates)) break
    updates = next
    assembly = assemble(fleet, updates)
  }
  return assembly
}

/** One that gives roles their policies, one that knows of further policies that these take, and one that finds nothing new. */
const MOST_ATTEMPTS = 3

/** The roles of those that update themselves, before it is known what they are for. */
function firstUpdates(fleet: Fleet): Updates {
  const names = new Names(fleet)
  return new Map(
    fleet.pipelines
      .filter(({ selfUpdate }) => selfUpdate)
      .map((pipeline) => {
        const accounts = [fleet.hub.account, ...accountsOf(fleet, pipeline).map(({ account }) => account)]
        const roles = new Map(
          accounts.map((account) => [account, names.partRoleArn(account, pipeline.id, 'update')]),
        )
        return [pipeline.id, { roles, needs: [], statements: new Map() }]
      }),
  )
}

function assemble(fleet: Fleet, updates: Updates): Assembly {
  const names = new Names(fleet)
  const applications = new Applications(fleet, names)
  const parts = fleet.pipelines.map((pipeline) =>
    partsOf(fleet, pipeline, names, applications, updates.get(pipeline.id)),
  )
  if (applications.errors.length) throw new FleetErrors(applications.errors)
  const keyNeeds = parts.flatMap(({ needs }) => needs.onKeys)
  const regions = [...new Set([fleet.hub.region, ...parts.flatMap(({ declared }) => declared.regions)])]
  const existing = existingProblems(
    fleet,
    names,
    regions,
    parts.map(({ declared, needs }) => ({ name: declared.declaration.name, needs })),
  )
  if (existing.errors.length) throw new FleetErrors(existing.errors)
  const connections = [
    ...new Set(
      parts.flatMap(({ declared }) => declared.sources.flatMap(({ connection }) => connection ?? [])),
    ),
  ]
  const pullers = pullersOf(fleet, names, parts)
  const drops = parts.flatMap(({ declared }) => declared.sources.flatMap(({ drop }) => drop ?? []))
  const pipelineStacks = parts.map((part) => {
    const stack = pipelineStack(fleet, names, part)
    return needsTemplateBucket(stack)
      ? { ...stack, templateBucket: names.templateBucket(fleet.hub.region) }
      : stack
  })
  const secondWave: AssemblyStack[] = [
    ...pipelineStacks,
    ...parts.flatMap(({ pipeline, projects }) => testsStacks(fleet, names, pipeline, projects)),
  ]
  const largeTemplates = pipelineStacks.some(({ templateBucket }) => templateBucket)
  const firstWave: AssemblyStack[] = [
    ...regions.flatMap(
      (region) =>
        fleetStack(fleet, names, region, keyNeeds, { connections, drops, largeTemplates, pullers }) ?? [],
    ),
    ...parameterStacks(fleet, names),
    ...parts.flatMap(({ pipeline, declared, needs }) =>
      declared.regions
        .filter((region) => region !== fleet.hub.region && names.existingBucket(region) === undefined)
        .map((region) => storeStack(fleet, names, pipeline.id, region, needs)),
    ),
    ...parts.flatMap(({ pipeline, declared, needs }) =>
      sourceStacks(fleet, names, pipeline, declared.sources, needs),
    ),
    ...parts.flatMap((part) =>
      accountsOf(fleet, part.pipeline).flatMap(
        (place) => accessStack(fleet, names, part.pipeline, place, part) ?? [],
      ),
    ),
  ]
  const pipelines = parts.map(
    ({ pipeline, declared, needs, applications: stacks, others }): AssemblyPipeline => ({
      id: pipeline.id,
      declaration: declared.declaration,
      needs: needs.all,
      applications: stacks,
      others,
    }),
  )
  const tags = { ...fleet.tags, [FLEET_TAG]: fleet.name }
  const clashes = [...collisions(fleet, [...firstWave, ...secondWave]), ...sharedStacks(fleet, pipelines)]
  if (clashes.length) throw new FleetErrors(clashes)
  return {
    fleet: fleet.name,
    home: {
      hub: { account: fleet.hub.account, region: fleet.hub.region },
      prefix: names.prefix,
    },
    waves: [firstWave, secondWave].map((wave) => wave.map((stack) => ({ ...stack, tags }))),
    pipelines,
    existing: [
      ...existing.uses,
      ...parts.flatMap(({ pipeline, needs }) => roleUses(fleet, pipeline, names, needs)),
    ],
    warnings: [...applications.warnings, ...existing.warnings],
  }
}

/** One place for each account that a pipeline deploys to, or fetches from: the first that a stage has there, or a stack set. */
function accountsOf(fleet: Fleet, pipeline: FleetPipeline): FleetPlace[] {
  const first = new Map<string, FleetPlace>()
  const owners = pipeline.sources.flatMap(({ owner }) => owner ?? [])
  for (const places of [...pipeline.stages.map((stage) => stage.places), owners])
    for (const place of places)
      if (place.environment !== 'hub' && !first.has(place.account)) first.set(place.account, place)
  for (const place of targetPlaces(fleet, pipeline))
    if (!first.has(place.account)) first.set(place.account, place)
  return [...first.values()]
}

function partsOf(
  fleet: Fleet,
  file: FleetPipeline,
  names: Names,
  applications: Applications,
  update: UpdateParts | undefined,
): PipelineParts {
  const capabilitiesOf: CapabilitiesOf = (deploy, scope) => applications.capabilities(deploy, scope)
  const pipeline = splitWaves(fleet, file, names, capabilitiesOf)
  const declared = declarePipeline(fleet, pipeline, names, capabilitiesOf)
  const projects = projectsOf(fleet, pipeline, names)
  applications.warnings.push(...webhookWarnings(fleet, pipeline), ...buildOutputWarnings(fleet, pipeline))
  checkOutputs(fleet, pipeline, applications)
  applications.errors.push(...stackSetErrors(fleet, pipeline))
  applications.errors.push(...violations(fleet, pipeline, declared.declaration, applications))
  const stacks = applications.stacks(pipeline).map(({ name, scope: { account, region }, needs, file }) => ({
    stack: name,
    account,
    region,
    needs,
    ...(file !== undefined && { file }),
  }))
  const helped = [
    ...observerNeeds(fleet, pipeline, names, declared.declaration),
    ...protectionNeeds(fleet, pipeline, names),
  ]
  const { account } = fleet.hub
  const functions = [
    { name: names.observer(pipeline.id), account, role: names.roleArn(account, pipeline.id, 'observer') },
    ...protectionFunctions(fleet, pipeline, names),
  ]
  const ofDeclaration = pipelineNeeds(declared.declaration, {
    ...surroundings(fleet, names, projects, functions),
    deploymentConfig: configurationsOf(fleet, pipeline),
  })
  const withRoles = withNamedRoles(fleet, pipeline, ofDeclaration)
  return {
    pipeline,
    declared,
    projects,
    needs: new NeedsIndex(
      [
        ...withRoles,
        ...startNeeds(fleet, pipeline, names, startRules(fleet, pipeline, declared.sources, names)),
        ...projects.flatMap((project) => repositoryNeeds(project, names)),
        ...forwardNeeds(fleet, pipeline, declared.sources, names),
        ...dropNeeds(fleet, pipeline, declared.sources, names),
        ...stacks.flatMap(({ needs }) => needs),
        ...helped.flatMap(({ needs }) => needs),
        ...(update ? assumeNeeds(update.roles) : []),
      ],
      fleet.hub.account,
    ),
    applications: stacks,
    others: [
      ...configurationNeeds(withRoles),
      ...approvalNeeds(fleet, pipeline, names),
      ...writerNeeds(fleet, pipeline, declared.declaration.stages, declared.sources, names),
      ...mirrorNeeds(fleet, declared.declaration.stages, declared.sources, names),
      ...handedOn(ofDeclaration, withRoles),
      ...imagePullNeeds(fleet, names, pipeline, declared),
      ...helped,
      ...(update?.needs ?? []),
    ],
    ...(update && { update }),
  }
}

function surroundings(
  { hub, buckets }: Fleet,
  names: Names,
  projects: readonly BuildProject[],
  functions: readonly { readonly name: string; readonly account: string; readonly role: Arn }[],
): Surroundings {
  const { account, region } = hub
  return {
    account,
    region,
    // A bucket that stands already may keep versions, which are read by version then.
    versioned: Object.keys(buckets).length > 0,
    artifactBucketKeyArn: (of) => names.key(of),
    functionRole: (name, where) =>
      functions.find((one) => one.name === name && one.account === where.account)?.role,
    project: (name, where) => {
      const project = projects.find(
        ({ name: own, target }) =>
          own === name && target.account === where.account && target.region === where.region,
      )
      return project && surroundingsOf(project, names)
    },
  }
}

/** What CodePipeline would refuse, said where the pipeline stands in the fleet file. */
function violations(
  fleet: Fleet,
  pipeline: FleetPipeline,
  declaration: PipelineDeclaration,
  applications: Applications,
): FleetError[] {
  const large = largeStages(pipeline, declaration)
  const told = validateDeclaration(declaration, fleet.hub).flatMap(({ message, path, severity, fix }) => {
    if (large.has(path)) return []
    const error = new FleetError(`pipeline ${pipeline.id}: ${message}`, {
      location: stageAt(pipeline, declaration, path)?.location ?? pipeline.location,
      fix: fix ?? `change what becomes ${path} of the pipeline`,
    })
    if (severity === 'error') return error
    applications.warnings.push(error)
    return []
  })
  return [...told, ...large.values()]
}

/** The stage of the file that becomes the stage in which something of the declaration stands. */
function stageAt({ stages }: FleetPipeline, declaration: PipelineDeclaration, path: string) {
  const name = declaration.stages[Number(/^stages\[(\d+)\]/.exec(path)?.[1])]?.name
  return name === undefined
    ? undefined
    : (stages.find((one) => one.name === name) ?? stages.find((one) => name.startsWith(`${one.name}-`)))
}
