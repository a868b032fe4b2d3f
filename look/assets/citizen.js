// citizen.js - small helps on pages of people; every page works without it.
'use strict';
document.documentElement.classList.add('js');
