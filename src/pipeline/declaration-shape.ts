/** The shapes that a pipeline's declaration is made of, as CodePipeline's model has them. */
import { shapes } from './generated/declaration-shapes.ts'

export interface ShapeData {
  readonly type: string
  readonly members?: Readonly<Record<string, string>>
  readonly required?: readonly string[]
  readonly member?: string
  readonly key?: string
  readonly value?: string
  readonly min?: number
  readonly max?: number
  /** Must match the whole text. */
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly sensitive?: boolean
}

/** Gives a shape by its name; a scalar without constraints is named by its type. */
export const shapeOf = (name: string): ShapeData =>
  (shapes as Readonly<Record<string, ShapeData>>)[name] ?? { type: name }
