/** The deploys of a stage: its own list, in which those of the pipeline may be named, or the pipeline's. */
import { FleetError, nearest } from '../model/index.ts'
import { type DeployConfiguration, deployIdentity, deployNameOf } from './deploys/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetDeploy } from './fleet.ts'
import { outputUses } from './output-uses.ts'
import type { ArtifactResolver } from './resolve-artifacts.ts'

type Entry = DeployConfiguration | string | { readonly together: readonly (DeployConfiguration | string)[] }

/** A deploy with its path in the file. */
export interface WrittenDeploy {
  readonly deploy: FleetDeploy
  readonly path: DataPath
}

/** A list of deploys as the file has it, and where. */
export interface DeployList {
  readonly entries: readonly Entry[]
  readonly path: DataPath
}

export interface DeployAround {
  readonly artifacts: ArtifactResolver
  readonly document: FleetDocument
  readonly errors: FleetError[]
}

/** Gives the deploys of a stage, those that run side by side together; what is wrong with them is added to `errors`. */
export function stageDeploys(
  own: DeployList | undefined,
  ofPipeline: DeployList,
  around: DeployAround,
): WrittenDeploy[][] {
  const { document, errors } = around
  const listed = listedByPipeline(ofPipeline, around)
  if (!own) return alone(listed, document, errors)
  const known = listed.flat()
  const found = listedIn(own, around, (name, path) => deployNamed(name, known, path, document, errors))
  return alone(found, document, errors)
}

/** Those of each pipeline, which are the same in all its stages. */
const known = new WeakMap<ArtifactResolver, WrittenDeploy[][]>()

/** Gives the deploys that a pipeline lists; what is wrong with them is told once. */
function listedByPipeline(list: DeployList, around: DeployAround): WrittenDeploy[][] {
  const { artifacts, document, errors } = around
  let listed = known.get(artifacts)
  if (!listed) {
    listed = listedIn(list, around, (name, path) => {
      errors.push(
        new FleetError(`\`${name}\` is no deploy`, {
          location: document.locate(path),
          fix: 'write the deploy itself',
        }),
      )
      return undefined
    })
    known.set(artifacts, listed)
  }
  return listed
}

function listedIn(
  { entries, path }: DeployList,
  { artifacts, document }: DeployAround,
  named: (name: string, path: DataPath) => WrittenDeploy | undefined,
): WrittenDeploy[][] {
  const written = (entry: DeployConfiguration | string, at: DataPath): WrittenDeploy[] => {
    if (typeof entry === 'string') return [named(entry, at)].filter((one) => one !== undefined)
    const deploy = {
      name: deployNameOf(entry),
      input: artifacts.deployed(entry, at),
      configuration: entry,
      outputs: outputUses(entry, at, document),
      location: document.locate(at),
    }
    return [{ deploy, path: at }]
  }
  return entries.map((entry, index) => {
    const at = [...path, index]
    if (typeof entry === 'string' || !('together' in entry)) return written(entry, at)
    return entry.together.flatMap((one, position) => written(one, [...at, 'together', position]))
  })
}

/** Gives the deploy of a name; where there is none, or there are several, an error is added. */
export function deployNamed(
  name: string,
  known: readonly WrittenDeploy[],
  path: DataPath,
  document: FleetDocument,
  errors: FleetError[],
): WrittenDeploy | undefined {
  const found = known.filter(({ deploy }) => deploy.name === name)
  if (found.length === 1) return found[0]
  if (found.length) {
    errors.push(sameName(found[1]!, document))
    return undefined
  }
  const names = [...new Set(known.map(({ deploy }) => deploy.name))]
  const meant = nearest(name, names)
  errors.push(
    new FleetError(`there is no deploy \`${name}\`; there are ${names.join(', ')}`, {
      location: document.locate(path),
      fix: meant ? `write \`${meant}\`` : 'name one of them, or write the deploy itself',
    }),
  )
  return undefined
}

const sameName = ({ deploy, path }: WrittenDeploy, document: FleetDocument): FleetError =>
  new FleetError(`two deploys are named \`${deploy.name}\``, {
    location: document.locate(path),
    fix: 'give one a `name`',
  })

/** Complains of deploys that nothing tells apart. */
function alone(steps: WrittenDeploy[][], document: FleetDocument, errors: FleetError[]): WrittenDeploy[][] {
  const taken = new Set<string>()
  for (const one of steps.flat()) {
    const identity = deployIdentity(one.deploy.configuration)
    if (identity === undefined) continue
    if (taken.has(identity)) errors.push(sameName(one, document))
    taken.add(identity)
  }
  return steps
}
