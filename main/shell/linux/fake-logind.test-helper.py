"""Plays org.freedesktop.login1 for tests: hands out real inhibitor locks and tells when they are closed.

Orders on standard input, one a line: sleep, wake, lock, unlock, hint-lock, hint-unlock.
Says on standard output: ready, held MODE WHAT WHO, released, asleep.
"""
import os
import sys

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

DBusGMainLoop(set_as_default=True)
LOGIND = 'org.freedesktop.login1'
SESSION_PATH = '/org/freedesktop/login1/session/c7'
HAS_SESSION = sys.argv[1:] != ['--no-session']


def say(*words):
    print(*words, flush=True)


class Session(dbus.service.Object):
    @dbus.service.signal(LOGIND + '.Session')
    def Lock(self):
        pass

    @dbus.service.signal(LOGIND + '.Session')
    def Unlock(self):
        pass

    @dbus.service.signal(dbus.PROPERTIES_IFACE, signature='sa{sv}as')
    def PropertiesChanged(self, interface, changed, invalidated):
        pass


class Manager(dbus.service.Object):
    inhibitors = 0
    is_going_to_sleep = False

    @dbus.service.signal(LOGIND + '.Manager', signature='b')
    def PrepareForSleep(self, start):
        pass

    @dbus.service.method(LOGIND + '.Manager', in_signature='u', out_signature='o')
    def GetSessionByPID(self, pid):
        if not HAS_SESSION:
            raise dbus.DBusException('PID does not belong to any known session', name=LOGIND + '.NoSessionForPID')
        return dbus.ObjectPath(SESSION_PATH)

    @dbus.service.method(LOGIND + '.Manager', in_signature='ssss', out_signature='h')
    def Inhibit(self, what, who, why, mode):
        ours, theirs = os.pipe()
        self.inhibitors += 1
        say('held', mode, what, who)
        GLib.io_add_watch(ours, GLib.IO_HUP, self.released)
        descriptor = dbus.types.UnixFd(theirs)
        os.close(theirs)
        return descriptor

    def released(self, ours, _condition):
        os.close(ours)
        self.inhibitors -= 1
        say('released')
        self.sleep_if_free()
        return False

    def sleep_if_free(self):
        if self.is_going_to_sleep and self.inhibitors == 0:
            self.is_going_to_sleep = False
            say('asleep')


bus = dbus.SystemBus()
name = dbus.service.BusName(LOGIND, bus)
manager = Manager(bus, '/org/freedesktop/login1')
session = Session(bus, SESSION_PATH)
loop = GLib.MainLoop()


def obey(stream, _condition):
    orders = os.read(stream.fileno(), 4096).decode()
    if orders == '':
        loop.quit()
        return False
    for order in orders.split():
        carry_out(order)
    return True


def carry_out(order):
    if order == 'sleep':
        manager.is_going_to_sleep = True
        manager.PrepareForSleep(True)
        manager.sleep_if_free()
    elif order == 'wake':
        manager.PrepareForSleep(False)
    elif order == 'lock':
        session.Lock()
    elif order == 'unlock':
        session.Unlock()
    elif order in ('hint-lock', 'hint-unlock'):
        session.PropertiesChanged(LOGIND + '.Session', {'LockedHint': order == 'hint-lock'}, [])


GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, obey)
say('ready')
loop.run()
