/** The fleet of a developer's copy of a pipeline: the pipeline with one stage, in the developer's own account. */
import { FleetError, nearest } from '../model/index.ts'
import type { FleetDeveloper } from './developers.ts'
import type { Fleet, FleetPipeline, FleetPlace, FleetSource, FleetStage } from './fleet.ts'
import { leaveOut } from './steps.ts'

export interface Copy {
  readonly developer: string
  /** The key or the id of the pipeline. */
  readonly pipeline: string
  /** Absent: the pipeline's own. */
  readonly branch?: string
  /** ARNs of the fleet's connections, by source: the copy makes none. */
  readonly connections?: ReadonlyMap<string, string>
}

/**
 * Gives a fleet that shares no name with that of the file: its roles, buckets and key are the copy's alone, and what it
 * deploys goes where the developer's account is. What stands already, and what the fleet of the file makes for all, it
 * neither uses nor makes anew. It is what the first stage with deploys does, with that stage's values
 * and environment in texts, and without what guards it: nobody else is there to be guarded.
 * Errors: FleetError where there is no such developer, or the pipeline may not be copied.
 */
export function developerCopy(fleet: Fleet, copy: Copy): Fleet {
  const developer = developerOf(fleet, copy.developer)
  const pipeline = pipelineOf(fleet, developer, copy.pipeline)
  const first = pipeline.stages.find(({ deploys }) => deploys.length)
  if (!first)
    throw new FleetError(`${pipeline.id} deploys nothing that could be copied`, {
      location: pipeline.location,
      fix: 'name a pipeline that has a stage with deploys',
    })
  const { environment } = first.places[0]!
  const { regions, pipelines: _, ...account } = developer
  const name = [fleet.name, developer.name, pipeline.id].join('--')
  return {
    ...fleet,
    name,
    of: fleet.of ?? fleet.name,
    environments: [{ name: environment, accounts: [{ ...account, environment }], regions }],
    developers: [],
    keys: {},
    buckets: {},
    repositories: [],
    parameters: [],
    pipelines: [
      {
        ...pipeline,
        name,
        sources: sourcesOf(pipeline, copy),
        stages: [stageOf(first, developer)],
        start: { sources: pipeline.start.sources, after: [] },
        executionMode: 'SUPERSEDED',
        notices: [],
        roles: {},
        pullRequests: undefined,
        selfUpdate: undefined,
      },
    ],
  }
}

function developerOf({ developers }: Fleet, name: string): FleetDeveloper {
  const found = developers.find((one) => one.name === name)
  if (found) return found
  const names = developers.map((one) => one.name)
  const meant = nearest(name, names)
  throw new FleetError(`there is no developer ${name}`, {
    fix: meant
      ? `write ${meant}`
      : names.length
        ? `name one of ${names.join(', ')}`
        : 'add `developers` to the fleet file',
  })
}

/** Gives the pipeline of an id, or the first of a key. */
function pipelineOf(
  { pipelines }: Fleet,
  { name, pipelines: allowed }: FleetDeveloper,
  asked: string,
): FleetPipeline {
  const found = pipelines.find(({ id }) => id === asked) ?? pipelines.find(({ key }) => key === asked)
  if (!found)
    throw new FleetError(`there is no pipeline ${asked}`, {
      fix: `name one of ${pipelines.map(({ id }) => id).join(', ')}`,
    })
  if (!allowed.includes(found.key ?? found.id))
    throw new FleetError(`${name} may not copy ${asked}`, {
      location: found.location,
      fix: `name one of ${allowed.join(', ')}, or add it to developers.${name}.pipelines`,
    })
  return found
}

/** The branch is that of the source that starts the pipeline, where `${branch}` comes from too. */
function sourcesOf({ id, sources, location }: FleetPipeline, { branch, connections }: Copy): FleetSource[] {
  const followed = sources.find(({ starts }) => starts) ?? sources[0]!
  if (branch !== undefined && !('branch' in followed.configuration))
    throw new FleetError(`the source of ${id} has no branches`, { location, fix: 'leave --branch out' })
  return sources.map((source) => {
    const connection = connections?.get(source.name)
    return {
      ...source,
      configuration: {
        ...source.configuration,
        ...(source === followed && branch !== undefined && { branch }),
        ...(connection && { connection }),
      } as FleetSource['configuration'],
    }
  })
}

function stageOf(stage: FleetStage, developer: FleetDeveloper): FleetStage {
  const { name, account, home, regions } = developer
  const [first] = stage.places
  const places = regions.map(
    (region): FleetPlace => ({
      environment: first!.environment,
      account,
      accountName: name,
      region,
      home,
      values: (stage.places.find((one) => one.region === region) ?? first!).values,
    }),
  )
  const { location, deploys, tests, steps, actions, changeSets } = leaveOut(stage, 'approve')
  return { name, location, places, deploys, tests, steps, actions, changeSets, alarms: [] }
}
