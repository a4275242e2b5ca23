import { describeDamages } from './describe-damages.ts'

describeDamages(200)
