/** One stack's view of the world: what its intrinsic functions give. */
import {
  entryOf,
  plainText,
  type StackOutputReference,
  setEntry,
  type TemplateResource,
} from '../../model/index.ts'
import type { TemplatePath } from '../../template/index.ts'
import { holds } from './condition.ts'
import { attributeOf, type NamedResource, referenceTo } from './physical-id.ts'
import type { Origin, PlacedTemplate } from './placed-template.ts'
import { pseudoParameter } from './pseudo-parameters.ts'
import { isUnknown, unknownValue } from './unknown-value.ts'

/** Answers what other stacks give. */
export interface Neighbours {
  output(stack: string, account: string, region: string, output: string): unknown
  exported(name: string, account: string, region: string): unknown
}

/** What AWS::NoValue resolves to: the property or item is left out. */
const NOTHING = Symbol('AWS::NoValue')

/** Resolves what stands in a stack's template; what is known only after deployment becomes a stand-in. */
export class StackScope {
  readonly placed: PlacedTemplate
  /** Parameters without a value, by name. */
  readonly missing = new Set<string>()
  readonly #neighbours: Neighbours
  readonly #references = new Map<string, unknown>()
  readonly #conditions = new Map<string, boolean>()
  readonly #resolving = new Set<string>()

  constructor(placed: PlacedTemplate, neighbours: Neighbours) {
    this.placed = placed
    this.#neighbours = neighbours
  }

  /** The resources that the conditions let exist. */
  resources(): [string, TemplateResource][] {
    return Object.entries(this.placed.template.Resources).filter(
      ([, { Condition }]) => Condition === undefined || this.#condition(Condition),
    )
  }

  /** Where a resource of this stack stands, or what is at a path within its properties. */
  origin(logicalId?: string, within: TemplatePath = []): Origin {
    const { stack, target, file, template, placeOf } = this.placed
    const path = [
      ...(logicalId === undefined ? [] : ['Resources', logicalId]),
      ...(within.length ? ['Properties', ...within] : []),
    ]
    const resourceType = logicalId === undefined ? undefined : entryOf(template.Resources, logicalId)?.Type
    return {
      ...target,
      stack,
      ...(logicalId !== undefined && { logicalId, resourceType }),
      ...(file && { file, ...placeOf?.(path) }),
    }
  }

  /** A resource as the naming rules see it. */
  named(logicalId: string): NamedResource {
    const { target, stack, template, parameters } = this.placed
    const resource = entryOf(template.Resources, logicalId)!
    const given = entryOf(parameters, logicalId)
    return {
      ...target,
      stack,
      logicalId,
      type: resource.Type,
      ...(given !== undefined && { given }),
      property: (name) =>
        resource.Properties && Object.hasOwn(resource.Properties, name)
          ? this.resolve(resource.Properties[name])
          : undefined,
    }
  }

  /** Every parameter's value as text; stand-ins for those without one. */
  parameters(): Record<string, string> {
    const names = Object.keys(this.placed.template.Parameters ?? {})
    return Object.fromEntries(names.map((name) => [name, textOf(this.#reference(name))]))
  }

  /** Whether a condition holds; undefined where that hangs on a value that is not known. */
  decides(condition: string): boolean | undefined {
    let isOpen = false
    const test = (name: string): boolean =>
      holds(entryOf(this.placed.template.Conditions, name), {
        named: test,
        text: (value) => {
          const text = textOf(this.#resolve(value))
          isOpen ||= isUnknown(text)
          return text
        },
      })
    const value = test(condition)
    return isOpen ? undefined : value
  }

  output(name: string): unknown {
    const output = entryOf(this.placed.template.Outputs, name)
    return output === undefined ? undefined : this.resolve(output.Value)
  }

  /** The names that this stack exports, with the outputs behind them. */
  exports(): [string, string][] {
    return Object.entries(this.placed.template.Outputs ?? {}).flatMap(([output, { Export, Condition }]) =>
      Export && (Condition === undefined || this.#condition(Condition))
        ? [[String(this.resolve(Export.Name)), output] as [string, string]]
        : [],
    )
  }

  /** Gives a value with every intrinsic function in it carried out; undefined where AWS::NoValue stands for it. */
  resolve(value: unknown): unknown {
    const result = this.#resolve(value)
    return result === NOTHING ? undefined : result
  }

  #resolve(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value))
      return value.map((item) => this.#resolve(item)).filter((item) => item !== NOTHING)
    const keys = Object.keys(value)
    const [only = ''] = keys
    if (keys.length === 1 && (only === 'Ref' || only.startsWith('Fn::')))
      return this.#call(only, (value as Record<string, unknown>)[only])
    const result: Record<string, unknown> = {}
    for (const key of keys) {
      const item = this.#resolve((value as Record<string, unknown>)[key])
      if (item !== NOTHING) setEntry(result, key, item)
    }
    return result
  }

  #call(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return typeof argument === 'string' ? this.#reference(argument) : unknownValue('Ref of no name')
      case 'Fn::GetAtt':
        return this.#attribute(argument)
      case 'Fn::Sub':
        return this.#sub(argument)
      case 'Fn::Join':
        return this.#join(argument)
      case 'Fn::If':
        return this.#if(argument)
      case 'Fn::FindInMap':
        return this.#findInMap(argument)
      case 'Fn::ImportValue':
        return this.#import(argument)
      case 'Fn::Select':
        return this.#select(argument)
      case 'Fn::Split':
        return this.#split(argument)
      case 'Fn::Equals':
      case 'Fn::And':
      case 'Fn::Or':
      case 'Fn::Not':
        return this.#test({ [name]: argument })
      case 'Fn::Base64':
      case 'Fn::ToJsonString':
        return name === 'Fn::Base64' ? this.#resolve(argument) : JSON.stringify(this.#resolve(argument))
      default:
        return unknownValue(`${name} in ${this.placed.stack}`)
    }
  }

  #reference(name: string): unknown {
    if (this.#references.has(name)) return this.#references.get(name)
    if (this.#resolving.has(name)) return unknownValue(`${name} of ${this.placed.stack}`)
    this.#resolving.add(name)
    const value = this.#findReference(name)
    this.#resolving.delete(name)
    this.#references.set(name, value)
    return value
  }

  #findReference(name: string): unknown {
    const { template, stack } = this.placed
    if (name === 'AWS::NoValue') return NOTHING
    const pseudo = pseudoParameter(name, this.placed)
    if (pseudo !== undefined) return pseudo
    if (template.Parameters && Object.hasOwn(template.Parameters, name)) return this.#parameter(name)
    if (Object.hasOwn(template.Resources, name)) return referenceTo(this.named(name))
    return unknownValue(`${name} of ${stack}`)
  }

  #parameter(name: string): unknown {
    const { parameters = {}, parametersFrom = {}, template, stack } = this.placed
    const { Type = 'String', Default } = entryOf(template.Parameters!, name)!
    const from = entryOf(parametersFrom, name)
    const given = entryOf(parameters, name) ?? (from && this.#outputs([from].flat())) ?? Default
    if (given === undefined || Type.startsWith('AWS::SSM::Parameter')) {
      if (given === undefined) this.missing.add(name)
      return unknownValue(`${name} of ${stack}`)
    }
    const isList = Type === 'CommaDelimitedList' || Type.startsWith('List<')
    return isList && typeof given === 'string' ? given.split(',').map((one) => one.trim()) : plainText(given)
  }

  #outputs(references: readonly (string | StackOutputReference)[]): unknown {
    const values = references.map((one) =>
      typeof one === 'string'
        ? one
        : this.#neighbours.output(one.stack, one.target.account, one.target.region, one.output),
    )
    if (values.length === 1) return values[0]
    return values.some((value) => value === undefined) ? undefined : values.map(textOf).join(',')
  }

  #attribute(argument: unknown): unknown {
    const [logicalId = '', ...rest] = Array.isArray(argument)
      ? argument.map(plainText)
      : plainText(argument).split('.')
    const attribute = rest.join('.')
    const { template, stack } = this.placed
    const known = Object.hasOwn(template.Resources, logicalId)
      ? attributeOf(this.named(logicalId), attribute)
      : undefined
    return known ?? unknownValue(`${logicalId}.${attribute} of ${stack}`)
  }

  #sub(argument: unknown): unknown {
    const [text, own = {}] = Array.isArray(argument) ? (argument as [unknown, object?]) : [argument]
    if (typeof text !== 'string') return unknownValue(`Fn::Sub in ${this.placed.stack}`)
    return text.replace(/\$\{([^{}]*)\}/g, (_written, inner: string) => {
      if (inner.startsWith('!')) return `\${${inner.slice(1)}}`
      const name = inner.trim()
      if (Object.hasOwn(own ?? {}, name))
        return textOf(this.#resolve(entryOf(own as Record<string, unknown>, name)))
      return textOf(name.includes('.') ? this.#attribute(name) : this.#reference(name))
    })
  }

  #join(argument: unknown): unknown {
    const [separator, parts] = Array.isArray(argument) ? argument : []
    const list = this.#resolve(parts)
    if (!Array.isArray(list)) return textOf(list)
    return list.map(textOf).join(plainText(separator))
  }

  #if(argument: unknown): unknown {
    const [condition, then, otherwise] = Array.isArray(argument) ? argument : []
    return this.#resolve(this.#condition(plainText(condition)) ? then : otherwise)
  }

  #findInMap(argument: unknown): unknown {
    const [map, top, second] = Array.isArray(argument)
      ? argument.map((one) => textOf(this.#resolve(one)))
      : []
    const found = entryOf(entryOf(entryOf(this.placed.template.Mappings, map ?? ''), top ?? ''), second ?? '')
    return found ?? unknownValue(`${map}.${top}.${second} of ${this.placed.stack}`)
  }

  #import(argument: unknown): unknown {
    const { name, value } = this.imported(argument)
    return value ?? unknownValue(`export ${name}`)
  }

  /** What Fn::ImportValue takes; undefined where no stack of the account and region exports the name. */
  imported(argument: unknown): { readonly name: string; readonly value: unknown } {
    const { account, region } = this.placed.target
    const name = textOf(this.#resolve(argument))
    return { name, value: this.#neighbours.exported(name, account, region) }
  }

  #select(argument: unknown): unknown {
    const [index, list] = Array.isArray(argument) ? argument : []
    const items = this.#resolve(list)
    const item = Array.isArray(items) ? items[Number(textOf(this.#resolve(index)))] : undefined
    return item ?? unknownValue(`Fn::Select in ${this.placed.stack}`)
  }

  #split(argument: unknown): unknown {
    const [separator, text] = Array.isArray(argument) ? argument : []
    return textOf(this.#resolve(text)).split(plainText(separator))
  }

  #condition(name: string): boolean {
    const known = this.#conditions.get(name)
    if (known !== undefined) return known
    this.#conditions.set(name, false)
    const value = this.#test(entryOf(this.placed.template.Conditions, name))
    this.#conditions.set(name, value)
    return value
  }

  #test(value: unknown): boolean {
    return holds(value, {
      named: (name) => this.#condition(name),
      text: (one) => textOf(this.#resolve(one)),
    })
  }
}

const textOf = (value: unknown): string =>
  value === NOTHING || value === undefined
    ? ''
    : typeof value === 'object'
      ? Array.isArray(value)
        ? value.map(plainText).join(',')
        : unknownValue('a value')
      : String(value)
