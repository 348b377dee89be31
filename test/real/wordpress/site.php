<?php
// Loads WordPress for a script: SITE is its folder, HOST the address it is served at.
$_SERVER['HTTP_HOST'] = getenv('HOST');
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
