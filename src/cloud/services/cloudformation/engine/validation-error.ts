/** The error CloudFormation answers for a request that it cannot accept. */
import { AwsError } from '../../../../model/index.ts'

/** Gives a ValidationError; `message` is AWS's whole sentence. */
export const validationError = (message: string): AwsError =>
  new AwsError('ValidationError', message, { status: 400 })

/** Gives the error of a resource that was begun and could not be finished; its rollback deletes what there is of it. */
export const unfinished = (physicalId: string, message: string): AwsError =>
  new AwsError('ValidationError', message, { status: 400, fields: { physicalId } })
