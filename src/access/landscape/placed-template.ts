/** A template with the place where it is, or would be, a stack. */
import type { StackOutputReference, Target, Template } from '../../model/index.ts'
import type { TemplateDocument } from '../../template/index.ts'

export interface PlacedTemplate {
  readonly stack: string
  readonly target: Target
  readonly template: Template
  /** Parameter values that are known, and physical ids of resources by their logical ids. */
  readonly parameters?: Readonly<Record<string, string>>
  /** Parameter values that are outputs of other stacks, or lists with such outputs in them. */
  readonly parametersFrom?: Readonly<
    Record<string, StackOutputReference | readonly (string | StackOutputReference)[]>
  >
  /** Tags of the stack. AWS: CloudFormation puts them on what it makes; a resource's own tags come first. */
  readonly tags?: Readonly<Record<string, string>>
  /** The file it was read from. */
  readonly file?: string
  /** Where what stands in that file. */
  readonly placeOf?: TemplateDocument['placeOf']
  /** Whether it goes through a bucket when it is deployed, and may be larger. */
  readonly inBucket?: boolean
}

/** Where something stands, for whoever has to change it. */
export interface Origin extends Target {
  readonly stack: string
  readonly logicalId?: string
  readonly resourceType?: string
  readonly file?: string
  /** In the file, from 1. */
  readonly line?: number
  readonly column?: number
}
