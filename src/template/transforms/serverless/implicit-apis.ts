/** The APIs that events make without naming one: ServerlessRestApi and ServerlessHttpApi. */
import type { Attributes, Expansion, Serverless } from './expansion.ts'
import { isMap, type Properties } from './properties.ts'
import { UserText } from './python-dict.ts'
import { combinedCondition, isImplicit, type Route, type Routes } from './routes.ts'

/** Gives the implicit APIs that routes ask for, over what Globals says of their kinds. */
export function implicitApis(
  routes: Routes,
  globals: ReadonlyMap<string, Properties>,
  into: Expansion,
): Serverless[] {
  return [...routes].flatMap(([id, own]) => {
    if (!isImplicit(id)) return []
    const type = id === 'ServerlessRestApi' ? 'AWS::Serverless::Api' : 'AWS::Serverless::HttpApi'
    const properties = {
      ...globals.get(type),
      ...(type === 'AWS::Serverless::Api' && { StageName: 'Prod' }),
      ...propagated(own),
    }
    const attributes = attributesOf(id, own, into)
    return [{ id, type, properties, attributes, written: {} }]
  })
}

/** AWS: it is kept where one of its functions is, and left out where all of them are. */
function attributesOf(id: string, routes: readonly Route[], into: Expansion): Attributes {
  const sources = routes.map(({ source }) => source)
  const condition = combinedCondition(`${id}Condition`, sources, into)
  const kept = (name: 'DeletionPolicy' | 'UpdateReplacePolicy') => {
    const all = sources.map(({ attributes }) => attributes[name])
    return all.includes('Retain') ? 'Retain' : all.find((one) => one !== undefined)
  }
  return {
    Condition: condition instanceof UserText ? condition.text : condition,
    DeletionPolicy: kept('DeletionPolicy'),
    UpdateReplacePolicy: kept('UpdateReplacePolicy'),
  }
}

/** AWS: tags that functions hand on. */
function propagated(routes: readonly Route[]): Properties {
  const tags = routes.flatMap(({ source: { properties } }) =>
    properties.PropagateTags === true && isMap(properties.Tags) ? [properties.Tags] : [],
  )
  return tags.length > 0 ? { Tags: Object.assign({}, ...tags), PropagateTags: true } : {}
}
