/** What a stack's resources are known by before they are made: what Ref and Fn::GetAtt give by the facts of their types. */
import type { TemplateResource } from '../../model/index.ts'
import type { Scope } from '../evaluate/evaluating.ts'
import { overChoices } from '../values/choices.ts'
import { placeOfStack } from '../values/stack-place.ts'
import { partsOf, splitParts, textOf } from '../values/text.ts'
import { isList, Unknown, type Value } from '../values/value.ts'
import { typeFacts } from './index.ts'
import { madeUp, nameToBe } from './names.ts'
import { propertyPlace, shapeParts } from './shape.ts'
import { resourceSpec } from './spec.ts'
import type { Shape, TypeFacts } from './type-facts.ts'

/** A stack whose resources are asked about. */
export interface DerivedStack {
  readonly account: string
  readonly region: string
  readonly stackName: string
  readonly resources: Readonly<Record<string, TemplateResource>>
  /** Gives what is written in a property, its functions carried out. */
  value(written: unknown): Value | undefined
  /** The physical name of a resource that is there already. */
  given?(id: string): string | undefined
}

/** Ask about resources of the template only. */
export interface DerivedResources extends Pick<Scope, 'reference' | 'attribute'> {
  /** The physical name. */
  name(id: string): Value
  /** The ARN; undefined for types whose ARNs are not known. */
  arn(id: string): Value | undefined
}

/** Gives what is known of a stack's resources; each is asked once. */
export function derivedResources(stack: DerivedStack): DerivedResources {
  return new Derived(stack)
}

class Derived implements DerivedResources {
  readonly #stack: DerivedStack
  readonly #place: string
  readonly #known = new Map<string, Value | undefined>()
  readonly #asking = new Set<string>()

  constructor(stack: DerivedStack) {
    this.#stack = stack
    this.#place = placeOfStack(stack).place
  }

  name = (id: string): Value =>
    this.#once(`name of ${id}`, () => this.#name(id)) ?? madeUp(id, this.#place, this.#stack.stackName)

  arn = (id: string): Value | undefined =>
    this.#once(`arn of ${id}`, () => {
      const { arn } = this.#facts(id)
      return arn === undefined ? undefined : this.#filled(arn, id)
    })

  reference = (id: string): Value =>
    this.#once(`reference to ${id}`, () => this.#reference(id)) ??
    madeUp(id, this.#place, this.#stack.stackName)

  attribute = (id: string, name: string): Value =>
    this.#once(`${name} of ${id}`, () => {
      const shape = this.#attributeShape(id, name)
      return shape === undefined ? undefined : this.#filled(shape, id)
    }) ?? this.#unknownAttribute(id, name)

  /** A name that hangs on itself is left to the check of the template. */
  #once(question: string, ask: () => Value | undefined): Value | undefined {
    if (this.#known.has(question)) return this.#known.get(question)
    if (this.#asking.has(question)) return undefined
    this.#asking.add(question)
    try {
      const answer = ask()
      this.#known.set(question, answer)
      return answer
    } finally {
      this.#asking.delete(question)
    }
  }

  #facts(id: string): TypeFacts {
    return typeFacts(this.#stack.resources[id]!.Type)
  }

  #name(id: string): Value {
    const given = this.#stack.given?.(id)
    if (given !== undefined) return given
    const { name: rule } = this.#facts(id)
    const made = () =>
      rule
        ? nameToBe(rule, this.#stack.stackName, id, this.#place)
        : madeUp(id, this.#place, this.#stack.stackName)
    const written = rule?.property && this.#property(id, rule.property)
    return overChoices([written || undefined], ([known]) => (known === undefined ? made() : known))!
  }

  /** AWS: what the type's one identifier names, where nothing else is known. */
  #reference(id: string): Value | undefined {
    const { ref, name } = this.#facts(id)
    if (ref !== undefined) return this.#filled(ref, id)
    const { identifier = [] } = resourceSpec(this.#stack.resources[id]!.Type) ?? {}
    const [only = ''] = identifier
    const shape = identifier.length === 1 ? this.#attributeShape(id, only) : undefined
    if (shape !== undefined) return this.#filled(shape, id)
    if (name && (identifier.length !== 1 || only === name.property)) return this.name(id)
    return this.#stack.given?.(id)
  }

  #attributeShape(id: string, name: string): Shape | undefined {
    const { attributes, arn } = this.#facts(id)
    if (attributes && Object.hasOwn(attributes, name)) return attributes[name]
    return name === 'Arn' && arn !== undefined ? '{arn}' : undefined
  }

  #unknownAttribute(id: string, attribute: string): Unknown {
    const type = resourceSpec(this.#stack.resources[id]!.Type)?.attributes[attribute]
    const looks = Array.isArray(type) && type[0] === 'a' ? 'list' : 'anything'
    return new Unknown(
      `${id}.${attribute} of ${this.#place}`,
      { kind: 'attribute', id, attribute },
      { label: `${id}.${attribute} of ${this.#stack.stackName}`, looks },
    )
  }

  #property(id: string, name: string): Value | undefined {
    const { Properties } = this.#stack.resources[id]!
    return Properties && Object.hasOwn(Properties, name) ? this.#stack.value(Properties[name]) : undefined
  }

  #filled(shape: Shape, id: string): Value | undefined {
    const parts = shapeParts(shape)
    const values = parts.map((part, index) => (index % 2 === 0 ? part : this.#placed(part, id)))
    return overChoices(values, (known) => {
      const texts = known.map((one) => partsOf(one))
      return texts.every((one) => one !== undefined) ? textOf(texts.flat()) : undefined
    })
  }

  #placed(place: string, id: string): Value | undefined {
    const { account, region } = this.#stack
    switch (place) {
      case 'account':
        return account
      case 'region':
        return region
      case 'partition':
        return 'aws'
      case 'suffix':
        return 'amazonaws.com'
      case 'name':
        return this.name(id)
      case '/name':
        return rooted(this.name(id))
      case 'arn':
        return this.arn(id)
      case 'made-up':
        return madeUp(id, this.#place, this.#stack.stackName)
    }
    const { property, after, behind = '', or = '' } = propertyPlace(place)
    return overChoices([this.#property(id, property)], ([written]) => {
      if (written === undefined) return or
      const parts = partsOf(written)
      if (!parts) return undefined
      return textOf([
        ...(after ? lastOf(parts, after, `${property} of ${id} of ${this.#place}`) : parts),
        behind,
      ])
    })
  }
}

/** A name behind one slash, which it may bring itself. */
function rooted(name: Value): Value | undefined {
  return overChoices([name], ([known]) => {
    const parts = partsOf(known)
    const [first] = parts ?? []
    return parts && (typeof first === 'string' && first.startsWith('/') ? known : textOf(['/', ...parts]))
  })
}

/** What follows the last delimiter of a text, as far as that can be told. */
function lastOf(parts: NonNullable<ReturnType<typeof partsOf>>, delimiter: string, what: string) {
  const { items, isWhole } = splitParts(parts, delimiter)
  const last = isWhole && isList(items) ? partsOf(items.at(-1)) : undefined
  return (
    last ?? [new Unknown(`end of ${what}`, { kind: 'function', name: 'after', of: [] }, { looks: 'name' })]
  )
}
