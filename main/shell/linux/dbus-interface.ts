import { interface as dbusInterface } from '@jellybrick/dbus-next';

/** A D-Bus interface served by us; its members are named by `configureMembers` of the class. */
export class DBusInterface extends dbusInterface.Interface {
  constructor(name: string) {
    super(name);
    // dbus-next 0.11.3 gives every instance fields of these names, undefined, which hide what `configureMembers` wrote
    // to the prototype.
    const { $properties, $methods, $signals } = new.target.prototype;
    Object.assign(this, { $properties, $methods, $signals });
  }
}

/** Options of a property nobody else may set. */
export const readOnly = (signature: string) => ({ signature, access: dbusInterface.ACCESS_READ });
