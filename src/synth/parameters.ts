/** The Parameter Store parameters of a fleet: those of the hub in its stack, the others in a stack of their account and region. */
import type { Fleet, FleetParameter } from '../fleet/index.ts'
import type { AssemblyStack, TemplateResource } from '../model/index.ts'
import { distinctId, type Names } from './names.ts'
import { compact, resource } from './resource.ts'
import { template } from './stack.ts'

/** Gives the parameters of one account and region. */
export function parameterResources(
  { parameters }: Pick<Fleet, 'parameters'>,
  { account, region }: { readonly account: string; readonly region: string },
): Record<string, TemplateResource> {
  const here = parameters.filter((one) => one.account === account && one.region === region)
  return Object.fromEntries(
    here.map(({ name, value, description }) => [
      distinctId('Parameter', name),
      resource(
        'AWS::SSM::Parameter',
        compact({ Name: name, Type: 'String', Value: value, Description: description }),
      ),
    ]),
  )
}

/** Gives a stack for every account and region with parameters, but for the hub's own. */
export function parameterStacks(fleet: Fleet, names: Names): AssemblyStack[] {
  const places = new Map<string, FleetParameter>()
  for (const one of fleet.parameters) {
    const isInHub = one.account === fleet.hub.account && one.region === fleet.hub.region
    const key = `${one.account} ${one.region}`
    if (!isInHub && !places.has(key)) places.set(key, one)
  }
  return [...places.values()].map(({ account, region, environment, accountName }) => {
    const where = accountName === environment ? environment : `${environment} ${accountName}`
    const title = `parameters in ${where} ${region}`
    return {
      name: names.fleetStack('parameters'),
      target: { account, region },
      environment,
      title,
      template: template(
        `Crossdock fleet ${fleet.name}: ${title}`,
        parameterResources(fleet, { account, region }),
      ),
      capabilities: [],
      tags: fleet.tags,
      parametersFrom: {},
    }
  })
}
