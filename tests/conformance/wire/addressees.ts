/** The cloud's own services as the wire sees them, without a cloud. */
import { Addressees } from '../../../src/cloud/gateway/addressees.ts'
import { services } from '../../../src/cloud/services/index.ts'

export const addressees = new Addressees(services)
