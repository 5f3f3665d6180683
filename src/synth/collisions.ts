/** Finds names that two parts of a fleet would give to different things. */
import type { Fleet } from '../fleet/index.ts'
import { type AssemblyPipeline, type AssemblyStack, FleetError } from '../model/index.ts'

/** Properties that name a resource. AWS: names of roles are unique in an account, those of the others in a region too. */
const NAMES = ['RoleName', 'BucketName', 'TopicName', 'Name']

/** Gives an error for each name that would be given twice, such as the stack of a pipeline that is called `hub`. */
export function collisions(fleet: Fleet, stacks: readonly AssemblyStack[]): FleetError[] {
  const owners = new Map<string, AssemblyStack>()
  const errors: FleetError[] = []
  for (const stack of stacks)
    for (const name of namesIn(stack)) {
      const other = owners.get(name)
      owners.set(name, stack)
      if (!other) continue
      const pipeline = fleet.pipelines.find(({ id }) => stack.title.includes(id))
      errors.push(
        new FleetError(`${stack.title} and ${other.title} would both be named ${name.split(' ').at(-1)}`, {
          location: pipeline?.location,
          fix: 'rename a pipeline or a stage',
        }),
      )
    }
  return errors
}

/** Gives an error for each stack that two pipelines would write in one place, each undoing what the other did. */
export function sharedStacks(fleet: Fleet, pipelines: readonly AssemblyPipeline[]): FleetError[] {
  const owners = new Map<string, string>()
  return pipelines.flatMap(({ id, applications = [] }) =>
    applications.flatMap(({ stack, account, region }) => {
      const place = `${account} ${region} ${stack}`
      const owner = owners.get(place) ?? id
      owners.set(place, owner)
      if (owner === id) return []
      return new FleetError(`${owner} and ${id} both write the stack ${stack} in ${account} ${region}`, {
        location: fleet.pipelines.find((one) => one.id === id)?.location,
        fix: 'give the deploy of one a `stack` of its own',
      })
    }),
  )
}

function namesIn({ name, target, template }: AssemblyStack): string[] {
  const place = `${target.account} ${target.region}`
  const found = [`${place} stack ${name}`]
  for (const id in template.Resources) {
    const { Type, Properties = {} } = template.Resources[id]!
    for (const property of NAMES) {
      const given = Properties[property]
      if (typeof given !== 'string') continue
      found.push(`${property === 'RoleName' ? target.account : place} ${Type} ${given}`)
    }
  }
  return found
}
