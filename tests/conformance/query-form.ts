/** The query protocol as a client speaks it: an input as a form, an answer out of XML, by the service's model. */
import type { Member, OperationModel, ServiceModel } from '../../src/cloud/protocols/model.ts'
import { parseXml } from '../../src/cloud/protocols/xml-parse.ts'
import { structureReader } from '../../src/cloud/protocols/xml-read.ts'

type Fields = Record<string, unknown>

export function formOf(model: ServiceModel, operation: OperationModel, input: Fields): string {
  const form = new URLSearchParams({ Action: operation.name, Version: model.apiVersion })
  put(form, '', operation.input?.members ?? [], input)
  return form.toString()
}

function put(form: URLSearchParams, prefix: string, members: readonly Member[], value: Fields): void {
  for (const member of members)
    if (value[member.name] !== undefined)
      write(form, `${prefix}${member.wireName}`, member, value[member.name])
}

function write(form: URLSearchParams, name: string, { shape }: Member, value: unknown): void {
  if (shape.type === 'structure') return put(form, `${name}.`, shape.members, value as Fields)
  if (shape.type !== 'list') return form.set(name, String(value))
  const items = value as readonly unknown[]
  if (!items.length) form.set(name, '')
  for (const [at, item] of items.entries()) write(form, `${name}.member.${at + 1}`, shape.element, item)
}

export function answerOf({ resultWrapper, output }: OperationModel, text: string): Fields {
  const root = parseXml(text)
  const result = resultWrapper ? root.children.find(({ name }) => name === resultWrapper) : root
  return result ? structureReader(output?.members ?? [])(result) : {}
}

/** Gives the code and the message of an error. */
export function errorOf(text: string): { readonly code: string; readonly message: string } {
  const error = parseXml(text).children.find(({ name }) => name === 'Error')
  const of = (wanted: string) => error?.children.find(({ name }) => name === wanted)?.text ?? ''
  return { code: of('Code'), message: of('Message') }
}
