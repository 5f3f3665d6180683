/** AWS::IAM::Policy: one inline policy on any number of users, groups and roles. */
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { groupCalls, type PrincipalCalls, roleCalls, userCalls } from './principal-calls.ts'
import { documentText, orUndo, unlessGone } from './property.ts'

/** The principals a policy is put on, by a text that tells them apart. */
export function holdersOf(properties: Properties, rc: ResourceContext): Map<string, PrincipalCalls> {
  const holders = new Map<string, PrincipalCalls>()
  for (const name of properties.Roles ?? []) holders.set(`role ${name}`, roleCalls(rc, name))
  for (const name of properties.Users ?? []) holders.set(`user ${name}`, userCalls(rc, name))
  for (const name of properties.Groups ?? []) holders.set(`group ${name}`, groupCalls(rc, name))
  return holders
}

async function put(properties: Properties, rc: ResourceContext): Promise<void> {
  for (const calls of holdersOf(properties, rc).values())
    await calls.put(properties.PolicyName, documentText(properties.PolicyDocument))
}

async function remove(properties: Properties, rc: ResourceContext, kept = new Set<string>()): Promise<void> {
  for (const [holder, calls] of holdersOf(properties, rc))
    if (!kept.has(holder)) await unlessGone(calls.remove(properties.PolicyName))
}

export const policy = resourceType({
  type: 'AWS::IAM::Policy',
  create: async (properties, rc) => {
    await orUndo(
      async () => {
        await put(properties, rc)
        // AWS: the handler reads what it has put back.
        for (const calls of holdersOf(properties, rc).values()) await calls.read(properties.PolicyName)
      },
      () => remove(properties, rc),
    )
    const id = rc.generateName()
    return { physicalId: id, attributes: { Id: id } }
  },
  update: async (physicalId, properties, previous, rc) => {
    await put(properties, rc)
    const renamed = properties.PolicyName !== previous.PolicyName
    await remove(previous, rc, renamed ? undefined : new Set(holdersOf(properties, rc).keys()))
    return { physicalId }
  },
  delete: (_physicalId, properties, rc) => remove(properties, rc),
})
