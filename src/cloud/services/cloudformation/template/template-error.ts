/** The error CloudFormation answers for a template or parameter it cannot accept. */
import { AwsError } from '../../../../model/index.ts'

/** Gives a ValidationError; `message` is AWS's whole sentence. */
export const validationError = (message: string): AwsError =>
  new AwsError('ValidationError', message, { status: 400 })

/** Gives the error of a resource that was begun and could not be finished; its rollback deletes what there is of it. */
export const unfinished = (physicalId: string, message: string): AwsError =>
  new AwsError('ValidationError', message, { status: 400, fields: { physicalId } })

/** Refuses, by name, what a template asks for and the embedded cloud does not do. */
export const unsupportedInTemplate = (what: string): AwsError =>
  validationError(`The embedded cloud does not support ${what}.`)
