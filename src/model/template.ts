/** CloudFormation templates as data. */

/** A CloudFormation intrinsic function call, such as `{ Ref: 'Key' }`. */
export type Intrinsic =
  | { readonly [fn: `Fn::${string}`]: unknown }
  | { readonly Ref: string }
  | { readonly Condition: string }

/** A value, or an intrinsic function that yields it. */
export type Val<T> = T | Intrinsic

/** AWS: most bytes of a template that CloudFormation takes within a request, and from a bucket. */
export const TEMPLATE_BYTES = { inRequest: 51_200, inBucket: 1_000_000 } as const

export interface TemplateResource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  readonly DependsOn?: string | readonly string[]
  readonly Condition?: string
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
  readonly Metadata?: Readonly<Record<string, unknown>>
  readonly CreationPolicy?: unknown
  readonly UpdatePolicy?: unknown
}

export interface TemplateParameter {
  readonly Type: string
  readonly Default?: unknown
  readonly Description?: string
  readonly AllowedValues?: readonly unknown[]
  readonly AllowedPattern?: string
  readonly ConstraintDescription?: string
  readonly MinLength?: number
  readonly MaxLength?: number
  readonly MinValue?: number
  readonly MaxValue?: number
  readonly NoEcho?: boolean | string
}

export interface TemplateOutput {
  readonly Value: unknown
  readonly Description?: string
  readonly Export?: { readonly Name: unknown }
  readonly Condition?: string
}

export interface Template {
  readonly AWSTemplateFormatVersion?: string
  readonly Description?: string
  readonly Metadata?: Readonly<Record<string, unknown>>
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
  readonly Conditions?: Readonly<Record<string, unknown>>
  readonly Rules?: Readonly<Record<string, unknown>>
  readonly Transform?: unknown
  readonly Resources: Readonly<Record<string, TemplateResource>>
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>
}
