/** The transform AWS::Serverless-2016-10-31: serverless resources become the resources that SAM makes of them. */
import { entryOf } from '../../../model/index.ts'
import type { Section } from '../../read/parse-template.ts'
import { type TemplatePath, unsupportedInTemplate } from '../../read/template-fault.ts'
import { expandApplication } from './application.ts'
import { expandConnector } from './connector.ts'
import { putDeployments } from './deployment.ts'
import { type Attributes, Expansion, type ExpansionOptions, type Serverless } from './expansion.ts'
import { expandFunction } from './function.ts'
import { merged, readGlobals } from './globals.ts'
import { expandHttpApi } from './http-api.ts'
import { implicitApis } from './implicit-apis.ts'
import { checkResourceProperties } from './known-properties.ts'
import { expandLayerVersion } from './layer-version.ts'
import { withMadeReferences } from './made-references.ts'
import { isMap, type Properties } from './properties.ts'
import { Refusals } from './refusals.ts'
import { expandRestApi } from './rest-api.ts'
import { collectRoutes, inPythonOrder } from './routes.ts'
import { expandSimpleTable } from './simple-table.ts'
import { expandStateMachine } from './state-machine.ts'

const PREFIX = 'AWS::Serverless::'

type Expand = (source: Serverless, into: Expansion) => void

/** In the order in which they are expanded: what refers to others comes behind them. */
const FIRST: Readonly<Record<string, Expand>> = {
  'AWS::Serverless::Application': expandApplication,
  'AWS::Serverless::Function': expandFunction,
  'AWS::Serverless::LayerVersion': expandLayerVersion,
  'AWS::Serverless::SimpleTable': expandSimpleTable,
  'AWS::Serverless::StateMachine': expandStateMachine,
}
const APIS = { 'AWS::Serverless::Api': expandRestApi, 'AWS::Serverless::HttpApi': expandHttpApi } as const
const CONNECTOR = 'AWS::Serverless::Connector'

export interface Expanded {
  readonly template: Section
  origin(path: TemplatePath): TemplatePath
}

/**
 * Gives the template with what SAM makes of it, under the ids that SAM gives. AWS: SAM, "Generated CloudFormation
 * resources". Errors: TemplateFault that names every resource that is wrong, or what is not carried out.
 */
export function expandServerless(parsed: Section, options: ExpansionOptions): Expanded {
  const globals = readGlobals(parsed)
  const given = new Map<string, Section>()
  for (const [id, resource] of Object.entries((parsed.Resources ?? {}) as Section))
    if (isMap(resource)) given.set(id, withGlobals(resource, globals))
  refuseUnknown(given)
  const into = new Expansion(parsed, given, options)
  const sources = [...given].flatMap(([id, resource]) => serverless(id, resource))
  const ordered = inPythonOrder(Object.fromEntries(sources.map((one) => [one.id, one]))).map(
    ([, one]) => one as Serverless,
  )
  const routes = collectRoutes(ordered, into)
  const implicit = implicitApis(routes, globals, into)
  const refusals = new Refusals()
  const expand = (source: Serverless, run: () => void) =>
    refusals.collect(source.id, () => {
      into.from('Resources', source.id)
      checkResourceProperties(source.type, source.properties)
      run()
    })
  keepOthers(given, into)
  for (const source of sources) {
    const first = entryOf(FIRST, source.type)
    if (first) expand(source, () => first(source, into))
  }
  putDeployments(
    sources.filter(({ type }) => type === 'AWS::Serverless::Function'),
    into,
  )
  for (const source of [...sources, ...implicit]) {
    const api = entryOf(APIS, source.type)
    if (api) expand(source, () => api(source, routes.get(source.id) ?? [], into))
  }
  for (const source of sources)
    if (source.type === CONNECTOR) expand(source, () => expandConnector(source, into))
  for (const [id, resource] of given) embeddedConnectors(id, resource, refusals, into)
  refusals.throwAll()
  return { template: finished(parsed, into), origin: (path) => into.origin(path) }
}

function withGlobals(resource: Section, globals: ReadonlyMap<string, Properties>): Section {
  const common = globals.get(String(resource.Type))
  return common ? { ...resource, Properties: merged(common, resource.Properties ?? {}) } : resource
}

/** Errors: TemplateFault for serverless types that are not carried out. */
function refuseUnknown(given: ReadonlyMap<string, Section>): void {
  for (const [id, { Type }] of given) {
    const type = String(Type)
    if (
      !type.startsWith(PREFIX) ||
      Object.hasOwn(FIRST, type) ||
      Object.hasOwn(APIS, type) ||
      type === CONNECTOR
    )
      continue
    if (['CapacityProvider', 'GraphQLApi', 'WebSocketApi'].includes(type.slice(PREFIX.length)))
      throw unsupportedInTemplate(`the resource type ${type} (resource ${id})`, ['Resources', id, 'Type'])
  }
}

function serverless(id: string, resource: Section): Serverless[] {
  const { Type, Properties: properties = {}, Connectors: _, ...attributes } = resource
  const type = String(Type)
  if (
    !type.startsWith(PREFIX) ||
    !(Object.hasOwn(FIRST, type) || Object.hasOwn(APIS, type) || type === CONNECTOR)
  )
    return []
  return [
    {
      id,
      type,
      properties: properties as Properties,
      attributes: attributes as Attributes,
      written: resource,
    },
  ]
}

/** What SAM knows nothing of stays as it is. */
function keepOthers(given: ReadonlyMap<string, Section>, into: Expansion): void {
  for (const [id, resource] of given) {
    into.from('Resources', id)
    if (serverless(id, resource).length > 0) continue
    const { Connectors: _, ...kept } = resource
    into.keep(id, kept)
  }
}

/** AWS: connectors may stand beside the properties of the resource that they connect. */
function embeddedConnectors(id: string, { Connectors }: Section, refusals: Refusals, into: Expansion): void {
  for (const [name, connector] of Object.entries(isMap(Connectors) ? Connectors : {}))
    refusals.collect(id, () => {
      into.from('Resources', id, 'Connectors', name)
      const { Properties: properties = {}, ...attributes } = connector as {
        Properties?: Properties
      } & Attributes
      expandConnector(
        { id: `${id}${name}`, properties: { ...properties, Source: { Id: id } }, attributes },
        into,
      )
    })
}

function finished(parsed: Section, into: Expansion): Section {
  const { Globals: _, Transform: __, Resources: ___, Conditions: ____, ...rest } = parsed
  const template = { ...rest, Resources: into.resources() }
  const conditions = Object.keys(into.conditions).length > 0 ? { Conditions: into.conditions } : {}
  return withMadeReferences({ ...template, ...conditions }, into) as Section
}
